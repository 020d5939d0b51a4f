// Saves a form's texts on the server while they are typed (V4). The form says where: data-autosave.
import { showConflict } from "./autosave/conflict.js";
import { readFields } from "./autosave/fields.js";
import { Saver } from "./autosave/saver.js";
import { statusOf } from "./autosave/status.js";

const KINDS = { 200: "saved", 409: "stale", 422: "refused", 400: "refused", 413: "refused" };

// A token changes when somebody signs in again, so it is read afresh from its cookie each time.
function currentToken(form) {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  const token = cookie ? cookie.slice("csrftoken=".length) : form.elements.csrfmiddlewaretoken.value;
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  return token;
}

function sender(form, windowName) {
  return async function send(save, { leaving = false, signal }) {
    const known = { writer: Number(form.dataset.writer), amends: Number(form.elements.amends.value), window: windowName };
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": currentToken(form) },
      body: JSON.stringify({ ...save, ...known }),
      redirect: "manual",
      keepalive: leaving,
      signal,
    });
    if (response.type === "opaqueredirect") return { kind: "signed_out" };
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
    if (!isOurs || !(response.status in KINDS)) return { kind: "failed" };
    const answer = await response.json();
    return { ...answer, kind: answer.state === "stranger" ? "stranger" : KINDS[response.status] };
  };
}

function start(form) {
  const windowName = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const show = statusOf(document.querySelector("[data-save-state]"), form.dataset.signIn);
  const saver = new Saver({
    read: () => readFields(form),
    send: sender(form, windowName),
    revision: Number(form.elements.revision.value),
    tell(kind, detail) {
      show(kind, detail);
      form.elements.revision.value = saver.revision;
      if (kind === "stale") showConflict(form, document.getElementById("autosave-conflict"), saver, detail);
    },
  });
  form.elements.window.value = windowName;
  let isLeaving = false;

  for (const event of ["input", "change", "rows"]) form.addEventListener(event, () => saver.changed());
  document.addEventListener("visibilitychange", () => (document.hidden ? saver.leave() : saver.retry()));
  window.addEventListener("pagehide", () => saver.leave());
  window.addEventListener("online", () => saver.retry());
  window.addEventListener("focus", () => saver.retry());
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && !saver.isClean) event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    if (isLeaving) return;
    event.preventDefault();
    if (!(await saver.save())) return;
    isLeaving = true;
    form.elements.revision.value = saver.revision;
    form.elements.sequence.value = saver.sequence + 1;
    // While this event is still on its way a form ignores a second submit, as it would when everything was saved before.
    setTimeout(() => form.requestSubmit(event.submitter));
  });
}

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);
