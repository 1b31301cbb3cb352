// A list that goes on while it is open: the News Feed, a coverage. What is new waits behind a
// button; what was corrected or withdrawn is put right at once. What its document says, and why it
// is enough, stands in briefs/live.py. Times of it are compared with each other, never with the
// browser's clock.
//
// With `events` it is what the page is about: asked every ten seconds, or when the newsroom says
// that something has happened, and counted in the title. Without, it is a block beside a story:
// asked every half minute while it is in sight. With `data-whole` it is the one row that a page is
// about: when that changes, the page is fetched.
//
// What has ended (a coverage; `data-ended` when the page was printed so) is held by no stream. It is
// asked after two minutes, then after twice as long each time that nothing is new, at last every ten
// minutes, and not at all while it is hidden: something in it may still be corrected or withdrawn, and
// it may be opened again. Whoever comes back to the page asks at once.
//
// Taken down or withdrawn as a whole (410; 404 three times over), the page shows what its own address
// says now, and nothing of what it had.
const SECOND = 1000;
const EVERY = { page: 10, block: 30, hidden: 60, followed: 60, refused: 120, longest: 300 };
const ENDED = { first: 120, longest: 600 };
const PATIENCE = 20;

customElements.define("nd-live", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-live-list]");
    this.button = this.querySelector("[data-live-more]");
    this.isPage = this.hasAttribute("events");
    this.inSight = this.isPage;
    this.knows = this.dataset.at ?? "";
    this.title = document.title;
    this.hadEnded = this.hasEnded;
    this.fails = 0;
    this.rests = 0;
    this.heard = false;
    this.end = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.end.signal });
    on(document, "visibilitychange", () => this.turn());
    on(globalThis, "online", () => this.turn());
    // Back from where the browser keeps pages that were left: not every browser says that it is seen.
    on(globalThis, "pageshow", (event) => { if (event.persisted) this.turn(); });
    if (this.button) on(this.button, "click", () => this.show().catch(() => this.say(this.dataset.offline)));
    if (!this.isPage) {
      this.watcher = new IntersectionObserver((seen) => {
        this.inSight = seen.at(-1).isIntersecting;
        this.wait();
      });
      this.watcher.observe(this);
    }
    this.wait();
    setTimeout(() => this.follow(), SECOND * (1 + Math.random()));
  }

  disconnectedCallback() {
    this.end.abort();
    this.watcher?.disconnect();
    clearTimeout(this.timer);
    this.unfollow();
  }

  // Asking.

  get hasEnded() {
    return this.said ? this.said.ended : "ended" in this.dataset;
  }

  // The next look, `seconds` from now or in its turn; a fifth more or less, so that readers who
  // came together do not ask together.
  wait(seconds) {
    clearTimeout(this.timer);
    if (this.end.signal.aborted || (!this.isPage && (document.hidden || !this.inSight))) return;
    if (this.hasEnded && document.hidden) return;
    let due = EVERY[this.isPage ? "page" : "block"];
    if (document.hidden) due = EVERY.hidden;
    else if (this.hears) due = EVERY.followed;
    due = Math.min(due * 2 ** this.fails, EVERY.longest);
    if (this.hasEnded) due = Math.min(ENDED.first * 2 ** (this.rests + this.fails), ENDED.longest);
    due *= 0.8 + 0.4 * Math.random();
    // A block that comes into sight again is not asked more often than one that stays there.
    const rested = this.isPage ? 0 : (performance.now() - (this.looked ?? 0)) / SECOND;
    const left = SECOND * Math.max(seconds ?? due - rested, 0);
    this.dueAt = performance.now() + left;
    this.timer = setTimeout(() => this.look(), left);
  }

  // The next look in `seconds`, unless it comes sooner: whatever says so again and again must not
  // put it off for ever.
  sooner(seconds) {
    if (this.dueAt - performance.now() > SECOND * seconds) this.wait(seconds);
  }

  // The page is hidden, is seen again, or has a connection again.
  turn() {
    if (document.hidden) {
      this.unfollow();
      this.wait();
      return;
    }
    this.fails = 0;
    this.follow();
    if (!this.isPage) this.wait();
    else this.apply().catch(() => {}).then(() => this.look());
  }

  async look() {
    if (this.asking) { this.again = true; return; }
    clearTimeout(this.timer);
    this.asking = true;
    this.again = false;
    this.looked = performance.now();
    try {
      const headers = this.tag ? { "If-None-Match": this.tag } : {};
      const answer = await this.ask(this.getAttribute("src"), { cache: "no-store", headers });
      const { status } = answer;
      if (status === 410 || (status === 404 && this.fails > 1)) await this.leave();
      if (status === 304) {
        this.rests += 1;
      } else {
        if (!answer.ok) throw new Error(status);
        const said = JSON.parse(answer.text);
        if (!Array.isArray(said.items) || !Array.isArray(said.withdrawn)) throw new Error("no document");
        this.rests = said.seq === this.said?.seq ? this.rests + 1 : 0;
        this.said = said;
        this.tag = answer.tag;
      }
      if (document.hidden) this.count();
      else await this.apply();
      if (this.fails > 2) this.say("");
      this.fails = 0;
    } catch {
      // Perhaps it was half of a document: the next time all of it is asked for.
      this.tag = null;
      this.fails += 1;
      if (this.fails === 3) this.say(this.dataset.offline);
    }
    this.classList.toggle("is-away", this.fails > 2);
    this.asking = false;
    this.wait(this.again ? 1 : undefined);
  }

  // Nobody waits for ever on a connection that only looks alive.
  async ask(address, how) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), SECOND * PATIENCE);
    try {
      const answer = await fetch(address, { ...how, signal: cut.signal });
      const { ok, status } = answer;
      return { ok, status, tag: answer.headers.get("etag"), text: await answer.text() };
    } finally {
      clearTimeout(timer);
    }
  }

  // Being told. A place may be refused (204), a proxy may hold back what is said: only who has
  // heard something asks less often.
  follow() {
    if (!this.isPage || this.stream || document.hidden || this.hasEnded || this.end.signal.aborted) return;
    clearTimeout(this.later);
    this.stream = new EventSource(this.getAttribute("events"));
    // Come back after a cut, with nothing new meanwhile, it is told nothing.
    this.stream.onopen = () => { this.hears = this.heard; };
    this.stream.onmessage = () => {
      this.hears = this.heard = true;
      if (this.asking) this.again = true;
      else this.sooner(0.4 * Math.random());
    };
    this.stream.onerror = () => {
      const heard = this.hears;
      this.hears = false;
      if (this.stream?.readyState === EventSource.CLOSED) {
        // No place (204), or the newsroom was starting again: in some minutes there may be one.
        this.stream = null;
        this.later = setTimeout(() => this.follow(), SECOND * EVERY.refused * (1 + Math.random()));
      }
      // Whoever was told asks sooner now.
      if (heard && !this.asking) this.sooner(EVERY.page * (0.8 + 0.4 * Math.random()));
    };
  }

  unfollow() {
    clearTimeout(this.later);
    this.stream?.close();
    this.stream = null;
    this.hears = false;
  }

  // What it says.

  // Does what it says that was not done yet.
  async apply() {
    const { said } = this;
    if (!said || said === this.done) return;
    // Something may have happened that is told no more: then the page itself is asked.
    if (this.knows && said.from > this.knows) await this.renew();
    if (this.end.signal.aborted) return;
    for (const item of [...said.items, ...said.withdrawn]) {
      for (const row of this.rows(`[data-item="${item.id}"]`)) {
        if (row.dataset.version === item.v) continue;
        if ("whole" in this.dataset) await this.renew();
        else this.swap(row, item);
        this.tell(row, item);
      }
    }
    this.done = said;
    this.knows = said.at;
    this.count();
    if (said.ended) this.unfollow();
    else if (this.hadEnded) this.follow();
    this.hadEnded = said.ended;
  }

  rows(which = "[data-item]", within = this) {
    return [...within.querySelectorAll(which)];
  }

  // What is not on the page and would stand above its end.
  fresh() {
    if (!this.button || !this.said) return [];
    const rows = this.rows("[data-item]", this.list);
    // What is pinned stands on the page, outside of the list.
    const here = new Set(this.rows().map((row) => row.dataset.item));
    const oldest = rows.at(-1)?.dataset.at ?? "";
    return this.said.items.filter((item) => !here.has(item.id) && item.at > oldest);
  }

  count() {
    if (this.end.signal.aborted) return;
    const { length } = this.fresh();
    if (this.isPage) document.title = length ? `(${length}) ${this.title}` : this.title;
    if (!this.button || document.hidden) return;
    const { one, few, many } = this.dataset;
    const form = new Intl.PluralRules(document.documentElement.lang).select(length);
    const words = ({ one, few }[form] ?? many).replace(/\d+/, length);
    if (length && this.button.textContent !== words) this.say(words);
    this.button.textContent = words;
    this.button.hidden = !length;
  }

  // To who cannot see it; what happens at once is said at once.
  say(words) {
    this.words = [...this.words ?? [], words];
    queueMicrotask(() => {
      const status = this.querySelector("[role=status]");
      if (status && this.words.length) status.textContent = this.words.join(" ");
      this.words = [];
    });
  }

  // Changing the list.

  make(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    return document.importNode(made.content.firstElementChild, true);
  }

  // Whoever reads the old row goes on in the new one: it stays open, and keeps the focus and, where
  // it became shorter, its place.
  swap(old, item) {
    const row = this.make(item.html);
    const held = old.contains(document.activeElement) && document.activeElement;
    if (!item.day) {
      row.dataset.at = old.dataset.at;
      row.style.minBlockSize = `${old.getBoundingClientRect().height}px`;
    }
    if (old.open) row.open = true;
    old.replaceWith(row);
    if (held) this.focusLike(held, row);
  }

  tell(old, item) {
    const row = this.make(item.html);
    const corrections = this.rows("[data-correction]", row);
    if (!item.day) this.say(row.textContent);
    else if (corrections.length > this.rows("[data-correction]", old).length) {
      this.say(`${this.dataset.corrected} ${corrections.at(-1).textContent}`);
    }
  }

  focusLike(held, row) {
    const same = held.href ? this.rows("a", row).find((link) => link.href === held.href) : null;
    const next = same ?? row.querySelector("summary") ?? row;
    if (next === row) row.tabIndex = -1;
    next.focus({ preventScroll: true });
  }

  async show() {
    const items = this.fresh();
    const rows = this.rows("[data-item]", this.list);
    // More has come than the document holds: the page has all of it.
    if (!rows.length || rows[0].dataset.at < this.said.since) await this.renewWith(items[0]);
    else for (const item of items.reverse()) this.insert(item);
    // What was the first of a list may be pinned by now: the page has it above its list.
    if (!this.rows("[data-item]", this.list).length) this.fresh().reverse().forEach((item) => this.insert(item));
    this.count();
    const first = this.list.querySelector(`[data-item="${items.at(-1)?.id}"]`) ?? this.rows("[data-item]", this.list)[0];
    if (!first) return;
    this.focusLike(first, first);
    first.scrollIntoView({ block: "nearest" });
  }

  // The page is printed a moment after its document.
  async renewWith(item) {
    for (let tries = 0; tries < 8; tries += 1) {
      await this.renew();
      if (!item || this.list.querySelector(`[data-item="${item.id}"]`)) return;
      await new Promise((done) => { setTimeout(done, SECOND); });
    }
  }

  insert(item) {
    const row = this.make(item.html);
    row.classList.add("is-new");
    this.day(item).insertBefore(row, null);
    const older = this.rows("[data-item]", row.parentElement).find((other) => other !== row && other.dataset.at <= item.at);
    if (older) older.before(row);
  }

  // Where a row of that day stands; a list without days is one.
  day(item) {
    const days = this.rows("[data-day]", this.list);
    if (!days.length) return this.list;
    const found = days.find((day) => day.dataset.day === item.day);
    if (found) return found;
    const day = days[0].cloneNode(false);
    const heading = days[0].firstElementChild.cloneNode(false);
    day.dataset.day = item.day;
    heading.textContent = item.day_label;
    day.append(heading);
    const older = days.find((other) => other.dataset.day < item.day);
    if (older) older.before(day);
    else days.at(-1).after(day);
    return day;
  }

  // The list as the page has it now, with open what was open.
  async renew() {
    const answer = await this.ask(location.pathname, { cache: "no-cache" });
    if (!answer.ok && answer.status !== 410) throw new Error(answer.status);
    const page = this.parse(answer);
    // A page that has moved meanwhile names its document otherwise.
    const same = this.isPage ? "nd-live[events]" : `nd-live[src="${this.getAttribute("src")}"]`;
    const list = page.querySelector(`${same} [data-live-list], [data-live-gone]`);
    if (!list && answer.status === 410) return this.become(page);
    // A page of somebody else's, such as a proxy's that asks who is there, puts nothing right.
    if (!list && this.isAbout) throw new Error("no list");
    if (!list) return;
    const held = this.list.contains(document.activeElement) && document.activeElement;
    const item = held && held.closest("[data-item]")?.dataset.item;
    const open = new Set(this.rows("[open]", this.list).map((row) => row.dataset.item));
    this.list.replaceChildren(...[...list.childNodes].map((node) => document.importNode(node, true)));
    for (const row of this.rows("details", this.list)) row.open ||= open.has(row.dataset.item);
    if (held) this.focusLike(held, this.list.querySelector(`[data-item="${item}"]`) ?? this.list);
  }

  // Whether the page is about what it says, and no block of it.
  get isAbout() {
    return this.isPage || "whole" in this.dataset;
  }

  // Without styles of its own: they are the page's that it came from, and our policy refuses them aloud.
  parse({ text }) {
    return new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/gi, ""), "text/html");
  }

  // Its document is gone. When the page is, too, all of it goes.
  async leave() {
    if (!this.isAbout) return;
    const answer = await this.ask(location.pathname, { cache: "no-cache" });
    if (answer.status === 410 || answer.status === 404) this.become(this.parse(answer));
  }

  // What the newsroom says at this address now, in place of everything that stood here.
  become(page) {
    const [here, now] = [document, page].map((each) => each.querySelector("main"));
    if (!here || !now) return;
    const held = here.contains(document.activeElement);
    const parts = [...now.children].map((part) => document.importNode(part, true));
    document.title = page.title;
    const told = "script[type='application/ld+json'], meta[name=description], meta[property], link[rel=canonical]";
    for (const each of document.head.querySelectorAll(told)) each.remove();
    if (now.querySelector(".page")) {
      here.replaceChildren(...parts);
    } else {
      // Said by the newsstand itself, in a page of its own with the newsroom's name on top.
      const place = document.createElement("div");
      place.className = "list page";
      place.append(...parts.filter((part) => !part.matches(".name")));
      here.replaceChildren(place);
    }
    if (held) here.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
});
