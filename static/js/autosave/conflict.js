// Two windows wrote: shows both texts side by side, and leaves the choice to the writer.
import { differences, fillFields } from "./fields.js";

export function showConflict(form, template, saver, newer) {
  const panel = template.content.cloneNode(true).firstElementChild;
  const rows = panel.querySelector("tbody");
  for (const each of differences(form, newer.content)) rows.append(row(each));
  for (const place of panel.querySelectorAll("[data-saved-at]")) place.textContent = newer.saved_at;
  panel.querySelector("[data-keep-mine]").addEventListener("click", () => {
    panel.remove();
    saver.keepMine();
  });
  panel.querySelector("[data-use-newer]").addEventListener("click", () => {
    panel.remove();
    fillFields(form, newer.content);
    saver.useNewer();
  });
  form.before(panel);
  panel.focus();
}

function row({ label, mine, newer }) {
  const line = document.createElement("tr");
  line.className = "govuk-table__row";
  for (const [tag, heading, text] of [["th", "Part", label], ["td", "This window", mine], ["td", "Saved", newer]]) {
    const cell = document.createElement(tag);
    cell.className = tag === "th" ? "govuk-table__header" : "govuk-table__cell ss-lines";
    if (tag === "th") cell.scope = "row";
    cell.dataset.label = heading;
    cell.textContent = text || "–";
    line.append(cell);
  }
  return line;
}
