// Keeps what is typed: after a pause, at the latest six seconds after the first new letter, and when the page is left.
// It says "saved" only for a text that the server has answered for, and tries again for ever while it has not.
const PAUSE = 1500;
const LONGEST = 6000;
const PATIENCE = 15000;
const RETRIES = [1000, 2000, 4000, 8000, 15000];
const MOST_WHEN_LEAVING = 60000; // browsers refuse a longer body once the page is gone

export class Saver {
  // read() gives the texts, send(save, {leaving, signal}) promises {kind, ...}, tell(kind, detail) shows it.
  constructor({ read, send, tell, revision }) {
    Object.assign(this, { read, send, tell, revision });
    this.sequence = 0;
    this.failures = 0;
    this.savedText = this.text();
    this.stale = null;
    this.sending = null;
    this.since = 0;
    this.last = null;
  }

  text() {
    return JSON.stringify(this.read());
  }

  get isClean() {
    return this.text() === this.savedText;
  }

  changed() {
    if (this.stale || this.isClean) return;
    const now = Date.now();
    this.since ||= now;
    if (!this.failures) this.tell("saving");
    this.in(Math.max(0, Math.min(PAUSE, this.since + LONGEST - now)));
  }

  in(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  // Resolves to whether everything on the page is kept.
  async save() {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    if (this.stale) return false;
    if (this.isClean) return this.rest();
    this.sending = this.attempt();
    const isSaved = await this.sending;
    this.sending = null;
    if (isSaved && !this.isClean) this.changed();
    return isSaved && this.isClean;
  }

  // The page may be gone before an answer comes, so nothing waits for one.
  leave() {
    if (this.stale || this.isClean) return;
    const text = this.text();
    this.send(this.next(text), { leaving: text.length < MOST_WHEN_LEAVING }).then(
      (answer) => answer.kind === "saved" && this.keep(text, answer),
      () => {},
    );
  }

  next(text) {
    this.sequence += 1;
    return { content: JSON.parse(text), revision: this.revision, sequence: this.sequence };
  }

  async attempt() {
    const text = this.text();
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let answer;
    try {
      answer = await this.send(this.next(text), { signal: patience.signal });
    } catch {
      answer = { kind: navigator.onLine ? "unreachable" : "offline" };
    }
    clearTimeout(timer);
    if (answer.kind === "saved") return this.keep(text, answer);
    return this.fail(answer);
  }

  keep(text, answer) {
    this.savedText = text;
    this.revision = Math.max(this.revision, answer.revision);
    this.failures = 0;
    this.last = answer;
    return this.rest();
  }

  rest() {
    this.since = 0;
    if (this.isClean) this.tell(...(this.last ? ["saved", this.last] : ["idle"]));
    return true;
  }

  fail(answer) {
    this.since = 0;
    this.failures += 1;
    if (answer.kind === "stale") this.stale = answer;
    else if (answer.kind !== "refused") this.in(RETRIES[Math.min(this.failures, RETRIES.length) - 1]);
    this.tell(answer.kind, answer);
    return false;
  }

  retry() {
    if (this.failures && !this.stale && !this.sending) this.save();
  }

  // The writer has seen both texts: the one on this page takes the other's place …
  keepMine() {
    this.revision = this.stale.revision;
    this.stale = null;
    return this.save();
  }

  // … or the page now shows the other, which is saved already.
  useNewer() {
    const newer = this.stale;
    this.stale = null;
    this.revision = newer.revision;
    this.keep(this.text(), newer);
  }
}
