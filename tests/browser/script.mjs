// An agent's form, filled whatever an account asks.

/** Answers every required question that is still empty; `known` answers some by their key. */
export async function answer(form, known = {}) {
  const controls = await form.locator("[name^='answers[']").all();
  for (const control of controls) {
    // What stands in a section that is not asked is not answered.
    if (!(await control.isVisible())) continue;
    const { name, type, tag, required, value, checked } = await control.evaluate((node) => ({
      name: node.name,
      type: node.type,
      tag: node.tagName,
      required: node.required,
      value: node.value,
      checked: node.form.querySelector(`[name="${CSS.escape(node.name)}"]:checked`) !== null,
    }));
    const key = name.slice("answers[".length, -1);
    const text = known[key];
    if (type === "radio") {
      if (required && !checked) await control.check();
    } else if (type === "checkbox") {
      if (text) await control.check();
    } else if (tag === "SELECT") {
      if (required && value === "") await control.selectOption({ index: 1 });
    } else if (text !== undefined) {
      await control.fill(text);
    } else if (required && value === "") {
      await control.fill(type === "tel" ? "(561) 555-0177" : type === "email" ? "a@b.example" : "Said");
    }
  }
}
