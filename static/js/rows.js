// Adds an empty row to a list of rows (a formset) without leaving the page. Without a script the button asks the server.
const MOST = 30;

export function addRow(form) {
  const rows = form.querySelectorAll("[data-row]");
  const last = rows[rows.length - 1];
  if (!last || rows.length >= MOST) return null;
  const row = last.cloneNode(true);
  const [old, next] = [rows.length - 1, rows.length];
  for (const element of row.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes(`actions-${old}-`)) element.setAttribute(name, value.replaceAll(`actions-${old}-`, `actions-${next}-`));
    }
    if ("value" in element) element.value = "";
  }
  for (const error of row.querySelectorAll(".govuk-error-message")) error.remove();
  for (const field of row.querySelectorAll("[class*='--error']")) field.className = field.className.replace(/\S+--error/g, "");
  row.querySelector("legend").textContent = `Action ${next + 1}`;
  form.elements["actions-TOTAL_FORMS"].value = next + 1;
  last.after(row);
  return row;
}

for (const button of document.querySelectorAll("button[data-add-row]")) {
  button.addEventListener("click", (event) => {
    const row = addRow(button.form);
    if (!row) return;
    event.preventDefault();
    row.querySelector("input").focus();
    button.form.dispatchEvent(new Event("rows"));
  });
}
