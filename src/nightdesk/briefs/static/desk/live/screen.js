// The fast screen for live lists: what is written is queued in the browser, sent once, and shown in
// the list beside what others write. kept.js keeps, newsroom.js sends and asks, list.js shows.
import { Kept, newKey } from "./kept.js";
import { List } from "./list.js";
import { Listener, send, whoIsSignedIn } from "./newsroom.js";

const LOOK = 4000; // Others' entries arrive within so many milliseconds …
const LOOK_HIDDEN = 30_000; // … and nobody looks at a hidden screen.
const WRITING = 1000;
const AGAIN = [1000, 2000, 4000, 8000, 15_000, 30_000];
const TWICE = 1000;
const PATIENCE = 1200; // What is sent by then never shows up among what is not.

const root = document.querySelector("[data-live]");
const { account, here } = { account: root.dataset.account, here: root.dataset.here };
const WORDS = JSON.parse(root.dataset.words);
const part = (name) => root.querySelector(`[data-live-${name}]`);
const fill = (words, what) => words.replace(/\{(\w+)\}/g, (_, name) => what[name]);

const form = part("form");
const field = (name) => form.elements.namedItem(name);
const list = new List(part("list"), WORDS);
const listener = new Listener(root.dataset.entries, account, root.dataset.mark);

let connection = ""; // "" or why nothing is sent: "offline", "server", "signed_out", "other_account"
let storage = ""; // "" or "no_room", "keeps_nothing"
let serverSaid = "";
let pressSaid = ""; // Of the last item: that readers do not have it yet, and why.

function trouble(words) {
  const box = part("trouble");
  if (box.textContent !== words) box.textContent = words;
  box.hidden = !words;
}

function tellTrouble() {
  const out = connection === "signed_out" || connection === "other_account";
  const box = part("signed-out");
  const words = out ? WORDS[connection] : "";
  if (box.firstElementChild.textContent !== words) box.firstElementChild.textContent = words;
  box.hidden = !out;
  const why = out ? "" : connection === "server" ? serverSaid || WORDS.server : WORDS[connection];
  trouble([why, WORDS[storage], pressSaid].filter(Boolean).join(" "));
}

function say(words) {
  const box = part("said");
  // The same words twice are read out twice.
  box.textContent = "";
  requestAnimationFrame(() => {
    box.textContent = words;
  });
}

const kept = new Kept(account, here, (why) => {
  storage = why;
  tellTrouble();
});

function connected(why = "", said = "") {
  if (connection && !why) {
    if (connection !== "server") kept.signedInAgain();
    say(WORDS.back);
  } else if (why && !connection) say("");
  connection = why;
  serverSaid = said;
  tellTrouble();
}

// ---- The form -----------------------------------------------------------------------------------

const WRITTEN_HERE = "nightdesk-live-writing"; // For one window: its own text comes back by itself.
const written = () => [...new FormData(form)].filter(([name, value]) => name !== "draft" && value);
const isEmpty = () => ["text", "headline", "source"].every((name) => !field(name).value.trim());

// The key of what is in the form, if that was sent before without an answer: the newsroom may have it.
let tried = "";

function begin() {
  form.reset();
  field("key").value = newKey();
  keepWriting();
}

function keepWriting() {
  const key = field("key").value;
  try {
    sessionStorage.setItem(WRITTEN_HERE, key);
  } catch {
    // Then its text is offered, not put back.
  }
  const before = kept.get(key);
  if (isEmpty()) {
    if (before?.live.state === "writing") kept.forget(key);
    return;
  }
  const fields = written();
  if (JSON.stringify(before?.fields) === JSON.stringify(fields)) return;
  kept.put({ id: key, fields, live: { verb: "send", state: "writing", tried: tried === key } });
}

function putBack(item) {
  const fields = new Map(item.fields);
  for (const name of ["text", "headline", "source", "at"]) {
    if (field(name)) field(name).value = fields.get(name) ?? "";
  }
  if (field("signed")) field("signed").checked = fields.has("signed");
  if (field("at")?.value) field("at").closest("details").open = true;
  field("text").focus();
}

// Under its own key still, so that it cannot go out twice.
function putBackTried(item) {
  field("key").value = item.id;
  tried = item.id;
  putBack(item);
  keepWriting();
}

function restore() {
  let id = null;
  try {
    id = sessionStorage.getItem(WRITTEN_HERE);
  } catch {
    // Nothing to put back.
  }
  field("key").value = newKey();
  const item = id && kept.get(id);
  if (item?.live.state !== "writing") return;
  if (item.live.tried) {
    putBackTried(item);
    say(WORDS.restored);
    return;
  }
  // Under a new key: a window that was duplicated has two forms with the same text.
  kept.forget(id);
  putBack(item);
  keepWriting();
  say(WORDS.restored);
}

// ---- What is to be sent ---------------------------------------------------------------------------

// Returns whether it was taken: who has signed out in another window keeps it in the form.
function enqueue(verb, id, fields) {
  const item = kept.put({ id, fields, live: { verb, state: "waiting", tried: tried === id } });
  if (!item) {
    connected("signed_out");
    return false;
  }
  if (!connection) say(WORDS.sending);
  setTimeout(showWaiting, connection ? 0 : PATIENCE);
  sendAll();
  return true;
}

let published = 0;

function publish(draft) {
  // The second click of two.
  if (isEmpty() && Date.now() - published < TWICE) return;
  if (!field("text").value.trim()) {
    say(WORDS.empty);
    field("text").focus();
    return;
  }
  const fields = [...written(), ["draft", draft ? "1" : ""]];
  if (tried === field("key").value) fields.push(["put_back", "1"]);
  if (!enqueue("send", field("key").value, fields)) return;
  published = Date.now();
  begin();
  form.querySelector("details")?.removeAttribute("open");
  field("text").focus();
}

let sending = false;
let failures = 0;
let timer = 0;

// One after the other, in the order in which they were written. Another window may be sending the
// same: the newsroom knows an item by its key.
async function sendAll() {
  clearTimeout(timer);
  timer = 0;
  if (sending) return;
  sending = true;
  const why = await sendWaiting();
  sending = false;
  failures = why ? failures + 1 : 0;
  if (why) timer = setTimeout(sendAll, AGAIN[Math.min(failures, AGAIN.length - 1)]);
  showWaiting();
}

let underWay = ""; // What is being sent just now: nobody takes it into the form meanwhile.
const toBeSent = () => kept.all().filter((item) => item.live.state === "waiting");
const failed = new Map(); // item → how often the newsroom could not take it

// Returns why something is left, or nothing when all is sent.
async function sendWaiting() {
  let why = "";
  const passed = new Set();
  const next = () => toBeSent().find((item) => !passed.has(item.id));
  for (let item = next(); item; item = next()) {
    if (whoIsSignedIn() && whoIsSignedIn() !== account) {
      connected("other_account");
      return "other_account";
    }
    // Noted before: the answer may be lost, and this page with it.
    kept.change(item.id, { tried: true });
    underWay = item.id;
    showWaiting();
    const { done, stuck, later, said } = await send(item, account);
    underWay = "";
    if (later) {
      connected(later, said);
      why = later;
      const times = (failed.get(item.id) ?? 0) + (later === "server" ? 1 : 0);
      failed.set(item.id, times);
      if (times < 3) return why;
      // Perhaps the fault is its own: the others are not held up by it.
      passed.add(item.id);
      continue;
    }
    connected();
    if (stuck) {
      kept.change(item.id, { ...stuck, state: "stuck" });
      say(stuck.said);
    } else {
      kept.forget(item.id);
      if (item.live.address === here) putIntoList(done.item);
      say(done.said);
      pressSaid = done.press ?? "";
      tellTrouble();
    }
    showWaiting();
  }
  look();
  return why;
}

function putIntoList(item) {
  puts += 1;
  return list.put(item);
}

// Undo is for now or never.
async function takeBack(li) {
  const item = { fields: [["id", li.dataset.id]], live: { verb: "take-back", address: here } };
  const { done, stuck } = await send(item, account);
  say(done?.said ?? stuck?.said ?? WORDS.not_undone);
  if (!done) return;
  const back = putIntoList(done.item);
  list.open(back, "change");
}

// ---- What is not sent yet --------------------------------------------------------------------------

const button = (words, pressed, look = "button-secondary") => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button-small ${look}`;
  made.textContent = words;
  made.addEventListener("click", () => pressed(made));
  return made;
};

function showWaiting() {
  const mine = field("key").value;
  const items = kept.all().filter((item) => item.id !== mine);
  const box = part("waiting");
  const shown = new Map([...box.children].map((li) => [li.dataset.id, li]));
  for (const [id, li] of shown) if (!items.some((item) => item.id === id)) leave(li);
  for (const item of items) {
    const look = JSON.stringify([item.live, item.id === underWay]);
    let li = shown.get(item.id);
    if (!li) {
      li = part("waiting-item").content.cloneNode(true).firstElementChild;
      li.dataset.id = item.id;
      box.append(li);
    }
    if (li.dataset.look !== look) describe(li, item);
    li.dataset.look = look;
  }
  part("outbox").hidden = box.children.length === 0;
}

// The one who stands on it comes to the form.
function leave(li) {
  if (li.contains(document.activeElement)) field("text").focus();
  li.remove();
}

function describe(li, item) {
  const { state, said, html, error, verb } = item.live;
  const of = (name) => li.querySelector(`[data-${name}]`);
  of("state").textContent =
    state === "stuck" ? said : state === "writing" ? WORDS.unfinished : WORDS.waiting;
  of("text").textContent = item.title;
  of("differs").innerHTML = html ?? ""; // From our own server, escaped by its templates.
  li.firstElementChild.classList.toggle("live-entry--stuck", state === "stuck");
  const buttons = [];
  if (error === "changed") {
    buttons.push(button(WORDS.keep_mine, () => keepMine(item), ""));
  } else if (verb === "send" || verb === "change" || verb === "correct") {
    buttons.push(button(WORDS.put_back, () => intoTheForm(item)));
  }
  buttons.push(
    button(error === "changed" ? WORDS.take_theirs : WORDS.throw_away, (pressed) => {
      if (pressed.dataset.sure || error === "changed") {
        kept.forget(item.id);
        showWaiting();
      } else {
        pressed.dataset.sure = "yes";
        pressed.textContent = WORDS.throw_away_sure;
      }
    }),
  );
  for (const each of buttons) each.disabled = item.id === underWay;
  of("buttons").replaceChildren(...buttons);
}

// Sent again as if made from the newest version.
function keepMine(item) {
  const fields = item.fields.map(([name, value]) =>
    name === "made_from" ? [name, item.live.version] : [name, value],
  );
  const live = { verb: item.live.verb, address: item.live.address, state: "waiting" };
  kept.put({ ...item, fields, live });
  showWaiting();
  sendAll();
}

// As something new. What was being written there is kept, and offered in its turn.
function intoTheForm(item) {
  if (!isEmpty()) keepWriting();
  begin();
  const { verb, state, tried: before } = item.live;
  if (verb === "send" && before && state !== "stuck") {
    kept.put({ ...item, live: { ...item.live, state: "writing" } });
    putBackTried(item);
  } else {
    kept.forget(item.id);
    putBack(item);
    keepWriting();
  }
  showWaiting();
}

// ---- What others write -----------------------------------------------------------------------------

let lookTimer = 0;
let looks = 0;
let puts = 0; // How often something that was done here was put into the list.

// Of two answers the one that was asked for last counts. One from before something was done here does
// not know of it: it would take it away again, and call it new from others when it comes back.
async function look() {
  clearTimeout(lookTimer);
  looks += 1;
  const [mine, before] = [looks, puts];
  const { done, later, mark } = await listener.look(list.has);
  if (mine !== looks) return;
  if (before !== puts) {
    look();
    return;
  }
  if (later) {
    connected(later);
  } else {
    const was = connection;
    connected();
    if (done) {
      listener.mark = mark;
      tell(list.show(done.items));
    }
    if (was || (toBeSent().length && !timer)) sendAll();
  }
  const pause = document.hidden ? LOOK_HIDDEN : LOOK;
  clearTimeout(lookTimer);
  lookTimer = setTimeout(look, pause * (0.8 + Math.random() * 0.4));
}

function tell(fresh) {
  if (!fresh.length) return;
  say(fill(WORDS.new_entries, { count: fresh.length }));
  for (const id of fresh) list.find(id).classList.add("is-new");
}

// ---- Hands -----------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  publish(false);
});
part("draft")?.addEventListener("click", () => publish(true));

list.element.addEventListener("submit", (event) => {
  event.preventDefault();
  const its = event.target;
  const li = its.closest("li");
  const text = its.elements.namedItem("text");
  if (text && !text.value.trim()) {
    say(WORDS.empty);
    text.focus();
    return;
  }
  const key = newKey();
  const fields = [...new FormData(its), ["id", li.dataset.id], ["key", key]];
  if (event.submitter?.name) fields.push([event.submitter.name, event.submitter.value]);
  if (!enqueue(its.dataset.verb, key, fields)) return;
  list.close(li);
  list.focus(li);
});

list.element.addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  const li = pressed?.closest("li");
  if (!pressed || !li) return;
  if (pressed.dataset.open) {
    if (pressed.getAttribute("aria-expanded") === "true") list.close(li);
    else list.open(li, pressed.dataset.open);
  } else if (pressed.dataset.do === "take-back") {
    pressed.disabled = true;
    takeBack(li);
  } else if (pressed.dataset.do) {
    const fields = [
      ["id", li.dataset.id],
      ["on", pressed.dataset.on],
    ];
    enqueue(pressed.dataset.do, newKey(), fields);
  } else if ("close" in pressed.dataset) {
    list.close(li);
    list.focus(li);
  }
});

// In a form: Ctrl+Enter sends it, with Shift as a draft; Escape leaves it. On an entry: single keys.
const ON_AN_ENTRY = {
  c: "[data-open=correct], [data-open=change]",
  e: "[data-open=correct], [data-open=change]",
  w: "[data-open=withdraw]",
  u: "[data-do=take-back]",
  p: "[data-do=pin]",
  k: "[data-do=mark-key]",
};

root.addEventListener("keydown", (event) => {
  const { key, target, isComposing, repeat } = event;
  if (isComposing) return;
  const its = target.closest("form");
  const typing = target.matches("input, textarea, select");
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && its) {
    event.preventDefault();
    if (repeat) return;
    const draft = its.querySelector("[data-live-draft], [name=draft][type=submit]");
    if (event.shiftKey && draft) draft.click();
    else its.requestSubmit(its.querySelector("[type=submit]"));
    return;
  }
  // Enter in a line of a form sends nothing: it is pressed by mistake.
  if (key === "Enter" && target.matches("input")) event.preventDefault();
  if (key === "Escape") {
    event.preventDefault();
    const li = list.current;
    if (li && list.isOpen(li)) {
      list.close(li);
      list.focus(li);
    } else if (li) field("text").focus();
    else list.focusFirst();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !list.current) return;
  if (key === "ArrowDown" || key === "ArrowUp") {
    event.preventDefault();
    if (!list.move(key === "ArrowDown" ? 1 : -1) && key === "ArrowUp") field("text").focus();
  } else if (key.toLowerCase() === "n") {
    event.preventDefault();
    field("text").focus();
  } else if (ON_AN_ENTRY[key.toLowerCase()] && !repeat) {
    const wanted = list.current.querySelector(ON_AN_ENTRY[key.toLowerCase()]);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  }
});

// Signing out throws away what was not sent, as it does with the text of forms: ask first. It is
// asked before the form is sent, since editing/kept_text.js acts on that.
window.addEventListener(
  "click",
  (event) => {
    const leaving = event.target.closest?.("form[action$='/admin/logout/'] [type=submit]");
    if (!leaving) return;
    const count = kept.all().length;
    if (count && !window.confirm(fill(WORDS.leaving, { count }))) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

// What only this page holds is lost with it.
window.addEventListener("beforeunload", (event) => {
  keepWriting();
  if (storage && kept.all().length) event.preventDefault();
});

window.addEventListener("pagehide", keepWriting);
window.addEventListener("online", look);
document.addEventListener("visibilitychange", () => {
  keepWriting();
  if (!document.hidden) look();
});
window.addEventListener("storage", showWaiting);

restore();
setInterval(keepWriting, WRITING);
showWaiting();
sendAll().then(look);
field("text").focus();
root.dataset.ready = "yes"; // Tests wait for it.
