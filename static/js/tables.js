// A table that stacks on phones stays a table for screen readers: its roles and labels are filled in where missing.
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };

function roleOf(element) {
  if (element.tagName !== "TH") return ROLES[element.tagName];
  return element.closest("thead") || element.scope === "col" ? "columnheader" : "rowheader";
}

function labelCells(table) {
  const headings = [...table.querySelectorAll("thead th")].map((heading) => heading.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, index) => {
      if (cell.dataset.label === undefined && row.cells.length === headings.length) cell.dataset.label = headings[index];
    });
  }
}

export function labelTables(root) {
  for (const table of root.querySelectorAll("table.ss-table")) {
    for (const element of [table, ...table.querySelectorAll("thead, tbody, tfoot, tr, th, td")]) {
      if (!element.hasAttribute("role")) element.setAttribute("role", roleOf(element));
    }
    labelCells(table);
  }
}
