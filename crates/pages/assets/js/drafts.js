// Keeps what was typed in <form data-draft="name"> for a day, until the server says it was saved.
(() => {
  const DAY_MS = 86400000;
  const PREFIX = "draft:";
  const kept = (field) =>
    field.name && field.name !== "csrf" && !["password", "hidden", "file", "submit"].includes(field.type);
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const say = (form, text) => {
    const place = form.querySelector("[data-draft-state]");
    if (place) place.textContent = text;
  };
  const keep = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!kept(field) || (field.type === "radio" && !field.checked)) continue;
      values[field.name] = field.type === "checkbox" ? field.checked : field.value;
    }
    try {
      localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ at: Date.now(), values }));
      const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      say(form, `Draft kept at ${now}`);
    } catch {
      say(form, "This browser keeps no drafts");
    }
  };
  const restore = (form) => {
    const draft = read(PREFIX + form.dataset.draft);
    if (!draft || form.hasAttribute("data-answered")) return;
    for (const field of form.elements) {
      const value = draft.values[field.name];
      if (!kept(field) || value === undefined) continue;
      if (field.type === "checkbox") field.checked = value;
      else if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
    say(form, "Your draft was restored");
  };
  const sweep = () => {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
      if (!(Date.now() - read(key)?.at < DAY_MS)) localStorage.removeItem(key);
    }
  };
  addEventListener("DOMContentLoaded", () => {
    try {
      sweep();
      for (const saved of document.querySelectorAll("[data-draft-saved]")) {
        localStorage.removeItem(PREFIX + saved.dataset.draftSaved);
      }
    } catch {
      return;
    }
    document.querySelectorAll("form[data-draft]").forEach(restore);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.draft) keep(form);
  });
  document.addEventListener("click", (event) => {
    const drop = event.target.closest?.("[data-draft-drop]");
    const form = drop?.form;
    if (!form?.dataset.draft) return;
    // The first press asks; leaving the button takes the question back.
    if (!drop.dataset.asked) {
      const label = drop.textContent;
      drop.textContent = "Really clear all?";
      drop.dataset.asked = "true";
      const take = () => {
        drop.textContent = label;
        delete drop.dataset.asked;
      };
      drop.addEventListener("blur", take, { once: true });
      return;
    }
    drop.blur();
    localStorage.removeItem(PREFIX + form.dataset.draft);
    form.reset();
    say(form, "");
    form.querySelector(".input")?.focus();
  });
})();
