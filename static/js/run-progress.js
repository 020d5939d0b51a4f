// Shows how far a run has come without anybody pressing "Look again". Only the summary is read out: it stays the same
// live region, and its words change.
import { labelTables } from "./tables.js";

const EVERY_MS = 2000;
const MOST_MS = 30000;
let wait = EVERY_MS;

async function look() {
  const shown = document.getElementById("run-progress");
  if (!shown?.hasAttribute("data-running")) return;
  if (!document.hidden) wait = (await refresh(shown)) ? EVERY_MS : Math.min(wait * 2, MOST_MS);
  window.setTimeout(look, wait);
}

async function refresh(shown) {
  try {
    const response = await fetch(window.location.href, { credentials: "same-origin" });
    if (!response.ok || response.redirected) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const newer = page.getElementById("run-progress");
    if (!newer) return false;
    for (const part of newer.querySelectorAll("[data-part]")) renew(shown, part);
    shown.toggleAttribute("data-running", newer.hasAttribute("data-running"));
    return true;
  } catch {
    return false; // The network is away: the next look may reach the portal again.
  }
}

function renew(shown, newer) {
  const part = shown.querySelector(`[data-part="${newer.dataset.part}"]`);
  const isSame = newer.dataset.part === "bar" ? part.isEqualNode(newer) : part.textContent === newer.textContent;
  if (isSame || part.contains(document.activeElement)) return; // a link or button that has the focus stays
  part.replaceChildren(...newer.childNodes);
  labelTables(part);
}

window.setTimeout(look, wait);
