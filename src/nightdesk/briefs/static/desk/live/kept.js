// What was written here and has not reached the newsroom, oldest first.
//
// Kept in localStorage where and as editing/kept_text.js keeps the text of forms, so that one policy
// holds for both: offered to the same account alone, listed on the first page, thrown away by
// signing out (here or in another window) and after 30 days. An item is gone from the browser the
// moment the newsroom has it; of what others wrote nothing is kept at all.
//
// An item: {id, at, title, fields: [[name, value]…], live: {verb, address, state, said, html, version}}.
// Its state is "writing" (in the form), "waiting" (to be sent) or "stuck" (somebody must look).
const KEPT = "nightdesk-kept:";
const GONE = "nightdesk-signed-out:";

// The newsroom's clock, as editing/kept_text.js reads it: a telephone's may be years off.
const began = Number(document.querySelector("script[data-now]")?.dataset.now) || Date.now();
const now = () => Math.round(began + performance.now());

export const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? "";

// A UUID of version 4; crypto.randomUUID is not there on a plain http address.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Kept {
  #account;
  #here;
  #trouble;
  #gone;
  #last = 0;
  #memory = new Map(); // What the browser did not take, for as long as the page is open.

  // trouble("no_room" | "keeps_nothing" | ""): what becomes of it can be said to whoever writes.
  constructor(account, here, trouble) {
    this.#account = account;
    this.#here = here;
    this.#trouble = trouble;
    this.signedInAgain();
  }

  #key(item) {
    return `${KEPT}${this.#account}:${item.live.address}#${item.id}`;
  }

  #latestEnd() {
    try {
      return localStorage.getItem(GONE + this.#account);
    } catch {
      return null;
    }
  }

  // Whether the account has signed out somewhere since this page was opened. No clock is asked: one
  // that was put right meanwhile would keep the account out for as long as it was wrong.
  get signedOut() {
    return this.#latestEnd() !== this.#gone;
  }

  signedInAgain() {
    this.#gone = this.#latestEnd();
  }

  all() {
    if (this.signedOut) this.#memory.clear();
    const found = new Map(this.#memory);
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(`${KEPT}${this.#account}:`)) continue;
        const item = JSON.parse(localStorage.getItem(key));
        if (item?.live) found.set(item.id, item);
      }
    } catch {
      // It keeps nothing, or something that is not ours: what is in memory remains.
    }
    return [...found.values()].sort((a, b) => a.at - b.at);
  }

  get(id) {
    return this.all().find((item) => item.id === id);
  }

  // Returns the item as kept. After signing out nothing is.
  put({ id, fields, at, live }) {
    if (this.signedOut) return null;
    this.#last = Math.max(now(), this.#last + 1);
    const text = fields.find(([name]) => name === "text" || name === "reason")?.[1] ?? "";
    const title = text.trim().slice(0, 80) || live.verb;
    const item = { id, at: at ?? this.#last, title, fields, live: { address: this.#here, ...live } };
    try {
      localStorage.setItem(this.#key(item), JSON.stringify(item));
      this.#memory.delete(id);
      this.#trouble(this.#memory.size ? "no_room" : "");
    } catch (error) {
      this.#memory.set(id, item);
      this.#trouble(error.name === "QuotaExceededError" ? "no_room" : "keeps_nothing");
    }
    return item;
  }

  // The item in another state; it keeps its place.
  change(id, live) {
    const item = this.get(id);
    return item && this.put({ ...item, live: { ...item.live, ...live } });
  }

  forget(id) {
    const item = this.get(id);
    this.#memory.delete(id);
    if (!item) return;
    try {
      localStorage.removeItem(this.#key(item));
    } catch {
      // Nothing was kept.
    }
  }
}
