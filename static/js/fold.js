// Long filters start folded on a phone and open on a wide screen; without a script they are open everywhere.
export function foldOnPhones(root) {
  const isPhone = window.matchMedia("(max-width: 40.0525em)").matches;
  for (const details of root.querySelectorAll("details[data-fold-on-phones]")) {
    if (isPhone) details.open = details.hasAttribute("data-in-use");
  }
}
