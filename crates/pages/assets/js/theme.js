// Applies the remembered theme before the first paint, and keeps the switch.
(() => {
  const root = document.documentElement;
  const known = ["light", "dark"];
  const remembered = () => {
    try {
      return localStorage.getItem("theme") ?? "system";
    } catch {
      return "system";
    }
  };
  const apply = (theme) => {
    if (known.includes(theme)) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  };
  root.classList.add("js");
  apply(remembered());
  addEventListener("DOMContentLoaded", () => apply(remembered()));
  addEventListener("storage", () => apply(remembered()));
  document.addEventListener("click", (event) => {
    const theme = event.target.closest?.("[data-theme-choice]")?.dataset.themeChoice;
    if (!theme) return;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // A browser that keeps nothing still changes this page.
    }
    apply(theme);
  });
})();
