// Keyboard shortcuts: [data-key="a"], [data-key="g m"] or [data-key="ctrl+enter"]; "?" lists them.
(() => {
  let first = "";
  let timer = 0;
  // A field of a sheet that was just put away may hold the focus for a moment longer.
  const typing = (node) =>
    node instanceof Element &&
    node.matches("input, select, textarea, [contenteditable]") &&
    node.getClientRects().length > 0;
  const seen = (node) => node.getClientRects().length > 0 || node.matches("[data-key-hidden]");
  const bound = () => [...document.querySelectorAll("[data-key]")].filter(seen);
  const name = (event) => {
    const control = event.ctrlKey || event.metaKey ? "ctrl+" : "";
    return control + (event.altKey ? "alt+" : "") + event.key.toLowerCase();
  };
  const use = (node) => {
    if (node.matches("input:not([type=checkbox]), select, textarea")) {
      node.focus();
      node.select?.();
    } else node.click();
  };
  const help = () => {
    const dialog = document.getElementById("help");
    const list = dialog?.querySelector("dl");
    if (!list || dialog.open) return;
    const told = new Map([["Ctrl K", "Find anything"], ["?", "Show this list"]]);
    for (const node of bound()) {
      told.set(node.dataset.key.replace("+", " "), node.dataset.keyLabel ?? node.textContent.trim());
    }
    list.replaceChildren();
    for (const [keys, label] of told) {
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      for (const key of keys.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = key.length > 1 ? key[0].toUpperCase() + key.slice(1) : key.toUpperCase();
        dt.append(cap, " ");
      }
      dd.textContent = label;
      list.append(dt, dd);
    }
    dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-help]")) help();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = name(event);
    // A function key types nothing, so it works everywhere, as what is held does.
    const held = event.ctrlKey || event.metaKey || event.altKey || /^f\d+$/.test(pressed);
    if (!held && (typing(event.target) || document.querySelector("dialog[open]"))) return;
    if (pressed === "?") return help();
    const keys = first ? `${first} ${pressed}` : pressed;
    const all = bound();
    const hit = all.find((node) => node.dataset.key === keys);
    clearTimeout(timer);
    first = "";
    if (hit) {
      event.preventDefault();
      use(hit);
    } else if (all.some((node) => node.dataset.key.startsWith(`${pressed} `))) {
      first = pressed;
      timer = setTimeout(() => (first = ""), 1200);
    }
  });
  // Arrow keys walk a list of links.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const list = event.target.closest?.("[data-walk]");
    if (!step || !list || event.target.matches("select, textarea")) return;
    const stops = [...list.querySelectorAll("input[type=search], a")].filter(seen);
    const next = stops[stops.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener("click", (event) => {
    const dialog = event.target.closest?.("dialog");
    if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
  });
})();
