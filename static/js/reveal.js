// Shows the questions that belong to a chosen radio button or checkbox. GOV.UK Frontend's own way puts aria-expanded on
// radio buttons, which ARIA does not allow there; the questions stand right below their choice, so none is needed.
function show(root) {
  for (const choice of root.querySelectorAll("[data-reveals]")) {
    const area = document.getElementById(choice.dataset.reveals);
    area.classList.toggle(area.dataset.hiddenClass, !choice.checked);
  }
}

export function revealChoices(root) {
  root.addEventListener("change", () => show(root));
  window.addEventListener("pageshow", () => show(root));
  show(root);
}
