// Ctrl+K: finds pages, accounts and messages. It shows what the /find page would show.
(() => {
  let asked = 0;
  const parts = () => {
    const dialog = document.getElementById("palette");
    return { dialog, input: dialog?.querySelector("input"), finds: dialog?.querySelector(".finds") };
  };
  const look = async () => {
    const { input, finds } = parts();
    const turn = ++asked;
    try {
      const answer = await fetch(`/find?q=${encodeURIComponent(input.value)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("#finds");
      if (turn === asked && found) finds.replaceChildren(...found.childNodes);
    } catch {
      if (turn === asked) finds.textContent = "The search did not answer. Try again in a moment.";
    }
  };
  const open = () => {
    const { dialog, input } = parts();
    if (!dialog || dialog.open) return;
    dialog.showModal();
    input.select();
    look();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-palette]")) return;
    event.preventDefault();
    open();
  });
  let wait = 0;
  document.addEventListener("input", (event) => {
    if (event.target !== parts().input) return;
    clearTimeout(wait);
    wait = setTimeout(look, 120);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#palette")) return;
    const hit = parts().finds.querySelector("a");
    if (!hit) return;
    event.preventDefault();
    hit.click();
  });
})();
