// Says in words whether the text is kept. The region is live, so that a screen reader says it too.
const CALM = ["idle", "saving", "saved"];
const WORDS = {
  idle: () => "",
  saving: () => "Saving…",
  saved: (detail) => `Saved at ${detail.saved_at}`,
  offline: () => "Not saved – trying again. You are offline; your text stays here.",
  unreachable: () => "Not saved – trying again. The portal does not answer; your text stays here.",
  failed: () => "Not saved – trying again. The portal has a problem; your text stays here.",
  signed_out: () => "Not saved – trying again. You are signed out; your text stays here and will be saved.",
  stranger: () => "Not saved – trying again. Somebody else is signed in in this browser; sign in as yourself.",
  refused: (detail) => `Not saved. ${detail.sentence}`,
  stale: (detail) => `Not saved. Newer text was saved at ${detail.saved_at} from another window.`,
};
const ASKS_TO_SIGN_IN = ["signed_out", "stranger"];

export function statusOf(region, signInUrl) {
  return function tell(kind, detail = {}) {
    const words = WORDS[kind](detail);
    if (region.dataset.words === words) return;
    region.dataset.words = words;
    region.dataset.state = CALM.includes(kind) ? kind : "failed";
    region.replaceChildren(words);
    if (ASKS_TO_SIGN_IN.includes(kind)) region.append(" ", signInLink(signInUrl));
  };
}

function signInLink(url) {
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Sign in in another tab";
  return link;
}
