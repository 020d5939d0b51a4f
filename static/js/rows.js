// Adds an empty row to a list of rows (a formset) without leaving the page. Without a script the button asks the server.
const MOST = 30;

// The button names the formset (`data-add-row="outcomes"`) and what a row is called; agreed actions are the default.
export function addRow(form, set = "actions", name = "Action") {
  const rows = form.querySelectorAll("[data-row]");
  const last = rows[rows.length - 1];
  if (!last || rows.length >= MOST) return null;
  const row = last.cloneNode(true);
  const [old, next] = [rows.length - 1, rows.length];
  for (const element of row.querySelectorAll("*")) {
    for (const { name: attribute, value } of [...element.attributes]) {
      if (value.includes(`${set}-${old}-`)) element.setAttribute(attribute, value.replaceAll(`${set}-${old}-`, `${set}-${next}-`));
    }
    if ("value" in element) element.value = "";
  }
  for (const error of row.querySelectorAll(".govuk-error-message")) error.remove();
  for (const field of row.querySelectorAll("[class*='--error']")) field.className = field.className.replace(/\S+--error/g, "");
  row.querySelector("legend").textContent = `${name} ${next + 1}`;
  form.elements[`${set}-TOTAL_FORMS`].value = next + 1;
  last.after(row);
  return row;
}

for (const button of document.querySelectorAll("button[data-add-row]")) {
  button.addEventListener("click", (event) => {
    const row = addRow(button.form, button.dataset.addRow || undefined, button.dataset.rowName);
    if (!row) return;
    event.preventDefault();
    row.querySelector("input").focus();
    button.form.dispatchEvent(new Event("rows"));
  });
}
