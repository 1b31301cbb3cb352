// What is typed into a form stays in this browser until it is saved: through an expired session, a
// restart, a dead network, a full disk. On return it is offered, to the same account alone, and
// the server fills the form with it again. Signing out throws it away.
//
// Kept in localStorage as "nightdesk-kept:<account>:<address>#<id>": {id, at, title, fields}. The server
// says by cookies who is signed in, which texts were saved, and who signed out (editing/kept.py).
(() => {
  const { zone, choice, putBack } = document.currentScript.dataset;
  const KEPT = "nightdesk-kept:";
  const GONE = "nightdesk-signed-out:";
  const SENT = "nightdesk-sent";
  const FORMS = "form[data-edit-form], form.desk-short";
  const EVERY = 1000;
  const OLD = 30 * 24 * 3600 * 1000;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "kept_text", choice]);
  // What Wagtail changes in the form by itself.
  const NOT_TYPED = new Set([
    "loaded_revision_id",
    "loaded_revision_created_at",
    "overwrite_revision_id",
    "made_from",
    "next",
  ]);

  const cookie = (name) =>
    document.cookie
      .split("; ")
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? "";
  const eat = (name) => {
    const value = cookie(name);
    if (value) document.cookie = `${name}=; path=/admin/; max-age=0; samesite=lax`;
    return value;
  };

  let store;
  try {
    store = window.localStorage;
    store.getItem(KEPT);
  } catch {
    return; // The browser keeps nothing, by its owner's wish.
  }

  const account = cookie("nightdesk_account");
  const place = () => `${KEPT}${account}:${location.pathname}${location.search}`;
  const keys = (prefix) => Object.keys(store).filter((key) => key.startsWith(prefix));
  const read = (key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  };
  const forget = (id) => {
    for (const key of keys(KEPT)) if (read(key)?.id === id) store.removeItem(key);
  };
  const signOut = (who) => {
    for (const key of keys(`${KEPT}${who}:`)) store.removeItem(key);
    store.setItem(GONE + who, Date.now());
  };

  for (const id of eat("nightdesk_saved").split(".")) if (id) forget(id);
  const left = eat("nightdesk_signed_out");
  if (left) signOut(left);
  for (const key of keys(KEPT)) if (!(read(key)?.at > Date.now() - OLD)) store.removeItem(key);

  const clock = (at) => {
    const part = (more) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...more }).format;
    const day = part({ day: "numeric", month: "long" });
    const time = part({ hour: "2-digit", minute: "2-digit" })(at);
    return day(at) === day(Date.now()) ? time : `${day(at)}, ${time}`;
  };
  const button = (words, look, pressed) => {
    const made = Object.assign(document.createElement("button"), {
      type: "button",
      className: `button ${look}`,
      textContent: words,
    });
    made.addEventListener("click", pressed);
    return made;
  };
  const note = (words, ...buttons) => {
    const said = Object.assign(document.createElement("p"), { textContent: words });
    const box = Object.assign(document.createElement("div"), { className: "desk-kept" });
    box.setAttribute("role", "status");
    box.append(said, ...buttons);
    return box;
  };

  const fieldsOf = (form) =>
    [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && !NOT_KEPT.has(name),
    );
  const typed = (fields) => JSON.stringify(fields.filter(([name]) => !NOT_TYPED.has(name)));

  // The form once more, filled by the server with what was kept.
  function fill(form, kept) {
    const hidden = (name, value) => {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      return field;
    };
    const sending = document.createElement("form");
    Object.assign(sending, { method: "post", action: location.href, hidden: true });
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    sending.append(
      ...kept.fields.map(([name, value]) => hidden(name, value)),
      hidden("csrfmiddlewaretoken", token),
      hidden("kept_text", kept.id),
      hidden(choice, putBack),
    );
    sessionStorage.setItem(SENT, kept.id);
    document.body.append(sending);
    sending.submit();
  }

  // Once its widgets have filled the form in: it has been the same for a while.
  async function settled(form) {
    let before = "";
    for (let tries = 0; tries < 20; tries += 1) {
      const now = typed(fieldsOf(form));
      if (document.readyState === "complete" && now === before) return;
      before = now;
      await new Promise((done) => setTimeout(done, 250));
    }
  }

  function watch(form) {
    const opened = Date.now();
    let id = [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    let clean = typed(fieldsOf(form));
    let last = "";
    let touches = 0;
    let atSave = 0;
    let ready = false;
    let stopped = false;

    const keep = () => {
      // A form that is still being set up lacks part of its text.
      if (stopped || !ready) return;
      if (Number(store.getItem(GONE + account)) > opened) {
        stopped = true;
        forget(id);
        return;
      }
      const fields = fieldsOf(form);
      const now = typed(fields);
      if (!touches) clean = now;
      if (now === clean) {
        last = "";
        forget(id);
      }
      if (now === clean || now === last) return;
      const title = (form.querySelector("[name=title], [name=headline], [name=name]") ?? {}).value;
      const kept = { id, at: Date.now(), title: title || document.title, fields };
      try {
        store.setItem(`${place()}#${id}`, JSON.stringify(kept));
        last = now;
      } catch {
        // No room: the oldest gives way.
        const oldest = keys(KEPT).sort((a, b) => read(a).at - read(b).at)[0];
        if (oldest) store.removeItem(oldest);
      }
    };

    // Before its first touch a form changes only by itself, while its widgets are set up.
    const touch = ({ isTrusted, target }) => {
      if (!isTrusted || !form.contains(target) || target.closest(".desk-kept")) return;
      if (!touches) clean = typed(fieldsOf(form));
      touches += 1;
    };
    const touching = ["keydown", "pointerdown", "beforeinput", "input", "paste", "drop", "change"];
    for (const kind of touching) document.addEventListener(kind, touch, true);

    // Filled by the server with what was sent: still not saved, and still kept under its name.
    const here = `${place()}#`;
    const filled = form.dataset.wUnsavedForceValue === "true";
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (filled && sent && store.getItem(here + sent)) {
      id = sent;
      touches = 1;
      clean = "";
    }
    const offer = () => {
      ready = true;
      const now = typed(fieldsOf(form));
      for (const kept of keys(here).map(read).sort((a, b) => b.at - a.at)) {
        if (kept.id === id) continue;
        if (typed(kept.fields) === now) {
          if (!filled) forget(kept.id);
          continue;
        }
        const banner = note(
          `You have text from ${clock(kept.at)} that was not saved.`,
          button("Put it back", "", () => fill(form, kept)),
          button("Throw it away", "button-secondary", () => {
            forget(kept.id);
            banner.remove();
          }),
        );
        form.prepend(banner);
      }
      form.dataset.keptTextLooked = "for"; // Tests wait for it, to know that nothing is offered.
    };
    settled(form).then(offer);
    setInterval(keep, EVERY);
    window.addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
    window.addEventListener(
      "submit",
      (event) => {
        if (event.target !== form) return;
        if (!form.elements.kept_text) {
          const name = { type: "hidden", name: "kept_text", value: id };
          form.append(Object.assign(document.createElement("input"), name));
        }
        keep();
        sessionStorage.setItem(SENT, id);
      },
      true,
    );
    document.addEventListener("w-autosave:save", () => {
      atSave = touches;
    });
    document.addEventListener("w-autosave:success", () => {
      if (touches !== atSave) return;
      clean = typed(fieldsOf(form));
      last = "";
      forget(id);
    });
  }

  window.addEventListener(
    "submit",
    (event) => {
      if (account && event.target.action?.endsWith?.("/admin/logout/")) signOut(account);
    },
    true,
  );

  // The first page says which forms have text waiting.
  function list(home) {
    const waiting = keys(`${KEPT}${account}:`)
      .map((key) => [key.slice(`${KEPT}${account}:`.length).split("#")[0], read(key)])
      .sort(([, a], [, b]) => b.at - a.at);
    for (const [address, kept] of waiting) {
      const open = Object.assign(document.createElement("a"), {
        className: "button button-secondary",
        href: address,
        textContent: "Open",
      });
      const words = `You have text from ${clock(kept.at)} that was not saved: “${kept.title}”.`;
      home.querySelector("h1").after(note(words, open));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!account) return;
    const form = document.querySelector(FORMS);
    if (form && !form.querySelector("[type=password]")) watch(form);
    const home = document.querySelector(".desk-home");
    if (home) list(home);
  });
})();
