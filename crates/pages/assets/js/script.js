// A form that an agent goes through: sections open by what is answered, and prompts say the caller's name.
(() => {
  const posted = (script, name) =>
    [...script.querySelectorAll("[name]")].filter((control) => control.name === name);
  const answer = (script, name) => {
    for (const control of posted(script, name)) {
      if (control.type === "checkbox") return control.checked ? "Yes" : "";
      if (control.type !== "radio") return control.value.trim();
      if (control.checked) return control.value;
    }
    return "";
  };
  const title = (section) => section.querySelector("h2")?.textContent ?? "A section";
  /** A section is open when its question is asked itself and has one of its answers. */
  const isOpen = (script, section, seen = new Set()) => {
    const { when, any } = section.dataset;
    if (when === undefined) return true;
    if (seen.has(section)) return false;
    seen.add(section);
    const origin = posted(script, when)[0]?.closest(".step");
    if (!origin || !JSON.parse(any).includes(answer(script, when))) return false;
    return isOpen(script, origin, seen);
  };
  const follow = (script, isQuiet) => {
    const changed = [];
    for (const section of script.querySelectorAll(".step[data-when]")) {
      const open = isOpen(script, section);
      if (open !== section.hasAttribute("data-open")) {
        section.toggleAttribute("data-open", open);
        changed.push(`${title(section)} ${open ? "is asked now" : "is not asked any more"}.`);
      }
    }
    const place = script.querySelector("[data-steps]");
    if (place && changed.length > 0 && !isQuiet) place.textContent = changed.join(" ");
    const parts = ["first_name", "last_name"].map((name) => answer(script, `answers[${name}]`));
    const name = parts.filter((part) => part !== "").join(" ");
    for (const said of script.querySelectorAll("[data-caller]")) {
      said.classList.toggle("blank", name === "");
      said.textContent = name || "caller’s name";
    }
  };
  const all = (isQuiet) =>
    document.querySelectorAll("[data-script]").forEach((script) => follow(script, isQuiet));
  const touched = (event) => {
    const script = event.target.closest?.("[data-script]");
    if (script) follow(script, false);
  };
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("reset", () => setTimeout(() => all(true)));
  // A preview that is drawn anew keeps what was tried in it.
  let tried = [];
  const isChosen = (control) => !["radio", "checkbox"].includes(control.type) || control.checked;
  document.addEventListener("htmx:before:swap", () => {
    const controls = [...document.querySelectorAll(".preview [name]")];
    tried = controls.filter(isChosen).map(({ name, value }) => [name, value]);
  });
  document.addEventListener("htmx:after:swap", () => {
    const preview = document.querySelector(".preview");
    for (const [name, value] of preview ? tried : []) {
      for (const control of posted(preview, name)) {
        if (!["radio", "checkbox"].includes(control.type)) control.value = value;
        else if (control.value === value) control.checked = true;
      }
    }
    all(true);
  });
  // After the drafts, which put back what was typed.
  addEventListener("DOMContentLoaded", () => all(true));
  addEventListener("pageshow", () => all(true));
})();
