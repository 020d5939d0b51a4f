// Reads the texts of a form, and puts others in their place.
import { addRow } from "../rows.js";

const OURS = ["csrfmiddlewaretoken", "revision", "window", "sequence", "amends"];

export function readFields(form) {
  const texts = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !OURS.includes(name) && !name.endsWith("_FORMS")) texts[name] = value;
  }
  return texts;
}

export function fillFields(form, texts) {
  for (const name of Object.keys(texts)) {
    while (/^actions-\d+-/.test(name) && !form.elements[name] && addRow(form));
  }
  for (const field of form.elements) {
    if (!field.name || OURS.includes(field.name) || field.type === "submit" || field.type === "hidden") continue;
    const text = texts[field.name] ?? "";
    if (field.type === "radio") field.checked = field.value === text;
    else field.value = text;
  }
}

// The texts that differ, each with what its field is called: for a writer who must choose between two.
export function differences(form, newer) {
  const mine = readFields(form);
  const names = Object.keys({ ...mine, ...newer }).filter((name) => (mine[name] ?? "") !== (newer[name] ?? ""));
  return names.map((name) => ({ label: labelOf(form, name), mine: mine[name] ?? "", newer: newer[name] ?? "" }));
}

function labelOf(form, name) {
  const found = form.elements[name];
  const field = found instanceof RadioNodeList ? found[0] : found;
  const legend = field?.closest("fieldset")?.querySelector("legend")?.textContent.trim();
  const label = field?.labels?.[0]?.textContent.trim();
  if (field?.type === "radio") return legend ?? name;
  return name.startsWith("actions-") || /_(day|month|year)$/.test(name) ? `${legend}: ${label}` : (label ?? name);
}
