// The entries on the screen, each an <li data-id data-v>. They are rendered by the newsroom; here
// they are put into their places, so that what somebody is typing in, or stands on, stays.
const SECOND = 1000;

const noticed = (words) => {
  const note = document.createElement("p");
  note.className = "live-entry__changed";
  note.textContent = words;
  return note;
};

// The version of the entry that its forms were made from.
const madeFrom = (element) => element.querySelector("[name=made_from]")?.value;

// Whether somebody changed the entry, or what is being written cannot be done with it any more. When
// only "Undo" has gone from it, or midnight has passed, nobody did.
const isOther = (li, form, html) => {
  const now = new DOMParser().parseFromString(html, "text/html");
  const still = now.querySelector(`form[data-verb="${form.dataset.verb}"]`);
  return !still || madeFrom(li) !== madeFrom(now);
};

export class List {
  #ends = new Map(); // <li> → when Undo goes
  #latest = new Map(); // id → the item as the newsroom said it last

  constructor(element, words) {
    this.element = element;
    this.words = words;
    for (const li of this.#all()) this.#undoFor(li, Number(li.dataset.undo));
    this.#settle();
    setInterval(() => this.#countDown(), SECOND);
  }

  #all() {
    return [...this.element.querySelectorAll(":scope > li")];
  }

  // What is shown, for the newsroom to leave out.
  get has() {
    return this.#all()
      .map((li) => `${li.dataset.id}.${li.dataset.v}`)
      .join(" ");
  }

  find(id) {
    return this.#all().find((li) => li.dataset.id === id);
  }

  // The whole list as it is now. Returns the ids that were not there before.
  show(items) {
    const wanted = new Set(items.map((item) => item.id));
    for (const li of this.#all()) {
      if (!wanted.has(li.dataset.id) && !this.isOpen(li)) li.remove();
    }
    const fresh = [];
    let before = null;
    for (const item of items) {
      let li = this.find(item.id);
      if (!li) {
        li = this.#make(item.id);
        fresh.push(item.id);
      }
      const place = before ? before.nextElementSibling : this.element.firstElementChild;
      // Moving an element takes its focus away: it is moved only when it must be.
      if (place !== li) this.element.insertBefore(li, place);
      this.#fill(li, item);
      before = li;
    }
    this.#settle();
    return fresh;
  }

  // One entry, as the answer to what was just done with it.
  put(item) {
    let li = this.find(item.id);
    if (!li) {
      li = this.#make(item.id);
      this.element.prepend(li);
    }
    this.#fill(li, item);
    this.#settle();
    return li;
  }

  #make(id) {
    const li = document.createElement("li");
    li.dataset.id = id;
    return li;
  }

  #fill(li, item) {
    if (item.html) this.#latest.set(item.id, item);
    this.#render(li, item);
    this.#undoFor(li, item.undo);
  }

  #render(li, item) {
    if (li.dataset.v === item.v || !item.html) return;
    if (this.isOpen(li)) {
      const form = li.querySelector("form:not([hidden])");
      if (!form.querySelector(".live-entry__changed") && isOther(li, form, item.html)) {
        form.prepend(noticed(this.words.changed_here));
      }
      return;
    }
    const focused = li.contains(document.activeElement) && document.activeElement;
    const same = focused && (focused.dataset.do ?? focused.dataset.open);
    // From our own server, escaped by its templates.
    li.innerHTML = item.html;
    li.dataset.v = item.v;
    if (focused) {
      const again = li.querySelector(`[data-do="${same}"], [data-open="${same}"]`);
      (again ?? this.#articleOf(li)).focus();
    }
  }

  #articleOf(li) {
    const article = li.querySelector("article");
    if (!article.hasAttribute("tabindex")) article.tabIndex = -1;
    return article;
  }

  // Tab reaches the entry one stands on, else the newest.
  #settle() {
    const articles = this.#all().map((li) => this.#articleOf(li));
    const on = articles.find((article) => article.contains(document.activeElement)) ?? articles[0];
    for (const article of articles) article.tabIndex = article === on ? 0 : -1;
  }

  get current() {
    return document.activeElement?.closest?.("[data-live-list] > li") ?? null;
  }

  focus(li) {
    if (!li) return;
    for (const each of this.#all()) this.#articleOf(each).tabIndex = each === li ? 0 : -1;
    this.#articleOf(li).focus();
    li.scrollIntoView({ block: "nearest" });
  }

  focusFirst() {
    this.focus(this.#all()[0]);
  }

  move(step) {
    const all = this.#all();
    const next = all[all.indexOf(this.current) + step];
    if (next) this.focus(next);
    return Boolean(next);
  }

  isOpen(li) {
    return li.querySelector("form:not([hidden])") !== null;
  }

  open(li, verb) {
    const form = li.querySelector(`form[data-verb="${verb}"]`);
    if (!form) return;
    this.close(li);
    form.hidden = false;
    li.querySelector(`[data-open="${verb}"]`)?.setAttribute("aria-expanded", "true");
    const field = form.querySelector("textarea, input[type=text]");
    field.focus();
    field.setSelectionRange?.(field.value.length, field.value.length);
  }

  // What was typed there is gone; what came meanwhile is shown.
  close(li) {
    for (const form of li.querySelectorAll("form")) {
      form.querySelector(".live-entry__changed")?.remove();
      form.reset();
      form.hidden = true;
    }
    for (const button of li.querySelectorAll("[data-open]")) {
      button.setAttribute("aria-expanded", "false");
    }
    const latest = this.#latest.get(li.dataset.id);
    if (latest) this.#render(li, latest);
  }

  #undoFor(li, seconds) {
    if (seconds > 0) this.#ends.set(li, Date.now() + seconds * SECOND);
    else this.#ends.delete(li);
    this.#countDown();
  }

  // The server refuses it by then.
  #countDown() {
    for (const li of this.#all()) {
      const button = li.querySelector("[data-do=take-back]");
      if (!button) continue;
      const left = Math.ceil(((this.#ends.get(li) ?? 0) - Date.now()) / SECOND);
      if (left > 0) {
        button.querySelector("[data-left]").textContent = left;
        continue;
      }
      if (button === document.activeElement) this.focus(li);
      button.remove();
    }
  }
}
