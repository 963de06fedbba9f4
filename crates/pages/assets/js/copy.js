// Copy buttons: <button data-copy="text"> or <button data-copy-from="#id">, and the print button.
document.addEventListener("click", async (event) => {
  if (event.target.closest?.("[data-print]")) return print();
  const button = event.target.closest?.("[data-copy], [data-copy-from]");
  if (!button) return;
  const from = button.dataset.copyFrom;
  const text = from ? document.querySelector(from)?.textContent : button.dataset.copy;
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text ?? "");
    label.textContent = "Copied";
  } catch {
    label.textContent = "Press Ctrl+C";
    const source = from && document.querySelector(from);
    if (source) getSelection().selectAllChildren(source);
  }
  setTimeout(() => (label.textContent = before), 1600);
});
