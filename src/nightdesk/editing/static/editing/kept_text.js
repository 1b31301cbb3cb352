// What is typed into a form stays in this browser until it is saved: through an expired session, a
// restart, a dead network, a full disk. On return it is offered, to the same account alone, and
// the server fills the form with it again. Signing out throws it away.
//
// Where it cannot be kept (no room, a browser set to keep nothing), the form says so.
//
// Kept in localStorage as "nightdesk-kept:<account>:<address>#<id>": {id, at, title, fields}. The server
// says by cookies who is signed in, which texts were saved, and who signed out (editing/kept.py).
(() => {
  const { zone, now: began, choice, putBack } = document.currentScript.dataset;
  // The newsroom's clock, in milliseconds: a telephone whose battery was empty begins in another
  // year, and would throw away tomorrow what it keeps today.
  const clockNow = () => Math.round(Number(began) + performance.now());
  const WORDS = JSON.parse(document.currentScript.dataset.words);
  const KEPT = "nightdesk-kept:";
  const GONE = "nightdesk-signed-out:";
  const SENT = "nightdesk-sent";
  const FORMS = "form[data-edit-form], form.desk-short";
  const EVERY = 1000;
  const TRY_AGAIN = 5000;
  const OLD = 30 * 24 * 3600 * 1000;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "kept_text", "kept_whole", choice]);
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
  let keepsNothing = false;
  try {
    store = window.localStorage;
    store.getItem(KEPT);
  } catch {
    // By its owner's wish.
    keepsNothing = true;
    store = { getItem: () => null, removeItem() {} };
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
  const put = (key, value) => {
    try {
      store.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  };
  const signOut = (who) => {
    for (const key of keys(`${KEPT}${who}:`)) store.removeItem(key);
    // Other than any time before, whatever clocks do: other windows look for a change of it.
    put(GONE + who, `${clockNow() + Math.random()}`);
  };
  // For one window, until its next page. Where the browser keeps nothing, nobody needs it.
  const remember = (id) => {
    try {
      sessionStorage.setItem(SENT, id);
    } catch {
      // Then the text that comes back is kept under a new name.
    }
  };
  const recall = () => {
    try {
      const id = sessionStorage.getItem(SENT);
      sessionStorage.removeItem(SENT);
      return id;
    } catch {
      return null;
    }
  };

  for (const id of eat("nightdesk_saved").split(".")) if (id) forget(id);
  const left = eat("nightdesk_signed_out");
  if (left) signOut(left);
  for (const key of keys(KEPT)) if (!(read(key)?.at > clockNow() - OLD)) store.removeItem(key);

  const clock = (at) => {
    const part = (more) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...more }).format;
    const day = part({ day: "numeric", month: "long" });
    const time = part({ hour: "2-digit", minute: "2-digit" })(at);
    return day(at) === day(clockNow()) ? time : `${day(at)}, ${time}`;
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
  const warning = (words) => {
    const box = note(words);
    box.classList.add("desk-kept--not");
    box.setAttribute("role", "alert");
    return box;
  };
  const fillIn = (words, what) => words.replace(/\{(\w+)\}/g, (_, name) => what[name]);

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
    remember(kept.id);
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
    const gone = store.getItem(GONE + account);
    let id = [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    let clean = typed(fieldsOf(form));
    let last = "";
    let touches = 0;
    let atSave = 0;
    let ready = false;
    let stopped = false;
    let notKept = null; // What the form says while its text cannot be kept.

    const tell = (kept) => {
      if (kept && notKept) {
        notKept.remove();
        notKept = null;
      } else if (!kept && !notKept) {
        notKept = warning(keepsNothing ? WORDS.keeps_nothing : WORDS.no_room);
        form.prepend(notKept);
      }
    };
    const whole = () => last !== "" && last === typed(fieldsOf(form));
    const keep = () => {
      // A form that is still being set up lacks part of its text.
      if (stopped || !ready) return;
      if (store.getItem(GONE + account) !== gone) {
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
        tell(true);
      }
      if (now === clean || now === last) return;
      const title = (form.querySelector("[name=title], [name=headline], [name=name]") ?? {}).value;
      const kept = { id, at: clockNow(), title: title || document.title, fields };
      // An earlier state of it stays when there is no room, and so does every other text.
      if (put(`${place()}#${id}`, JSON.stringify(kept))) {
        last = now;
        // A new story that has saved itself has an address of its own from then on.
        for (const key of keys(KEPT)) {
          if (key.endsWith(`#${id}`) && !key.startsWith(`${place()}#`)) store.removeItem(key);
        }
      }
      tell(last === now);
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
    const sent = recall();
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
          fillIn(WORDS.offer, { time: clock(kept.at) }),
          button(WORDS.put_back, "", () => fill(form, kept)),
          button(WORDS.throw_away, "button-secondary", () => {
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
        keep();
        for (const name of ["kept_text", "kept_whole"]) form.elements[name]?.remove();
        const told = whole() ? { kept_text: id, kept_whole: "1" } : { kept_text: id };
        for (const [name, value] of Object.entries(told)) {
          const field = { type: "hidden", name, value };
          form.append(Object.assign(document.createElement("input"), field));
        }
        remember(id);
      },
      true,
    );
    document.addEventListener("w-autosave:save", () => {
      atSave = touches;
    });
    // Wagtail says “A server error occurred” and waits for the next key. An editor wants to know
    // what becomes of the text, and somebody who has stopped typing is not saved by waiting.
    let again = 0;
    window.addEventListener(
      "w-autosave:error",
      ({ target, detail }) => {
        if (target !== form || !["server_error", "network_error"].includes(detail.type)) return;
        keep();
        const signedOut = cookie("nightdesk_account") !== account;
        const server = detail.response?.error_message ?? WORDS.server;
        const what = detail.type === "network_error" ? WORDS.no_network : server;
        const kept = signedOut ? WORDS.sign_in_again : WORDS.kept_here;
        detail.text = `${signedOut ? WORDS.signed_out : what} ${whole() ? kept : WORDS.copy_it}`;
        clearTimeout(again);
        if (signedOut) return;
        again = setTimeout(() => {
          const { app } = window.wagtail ?? {};
          const saving = app?.getControllerForElementAndIdentifier(form, "w-autosave");
          saving?.save(new CustomEvent("nightdesk:again"));
        }, TRY_AGAIN);
      },
      true,
    );
    document.addEventListener("w-autosave:success", () => {
      clearTimeout(again);
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
        textContent: WORDS.open,
      });
      const words = fillIn(WORDS.offer_of, { time: clock(kept.at), title: kept.title });
      const line = note(
        words,
        open,
        button(WORDS.throw_away, "button-secondary", () => {
          forget(kept.id);
          line.remove();
        }),
      );
      home.querySelector("h1").after(line);
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
