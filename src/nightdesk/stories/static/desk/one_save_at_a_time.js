// "Publish" waits for what is still on its way into the form, and for the save that is under way.
//
// The text editor writes into the form a moment after the last key or paste. And Wagtail saves
// while one types, without holding back a form that is sent meanwhile: of a new story both would
// make one, a draft beside what was published; of any other the form would not know the version it
// was saved as, and be taken for a stale one. So a form is sent after that moment, once the
// automatic save has its answer, or after some seconds without one; and none begins after that.
(() => {
  const MOMENT = 350;
  const PATIENCE = 10000;
  const ENDS = ["w-autosave:success", "w-autosave:error"];
  let saving = false;
  let held = false;
  let sent = false;

  document.addEventListener("w-autosave:save", (event) => {
    if (sent) event.preventDefault();
    else saving = true;
  });
  for (const end of ENDS) {
    document.addEventListener(end, () => {
      saving = false;
    });
  }

  const after = (time) => new Promise((done) => setTimeout(done, time));
  const saved = () =>
    new Promise((done) => {
      if (!saving) done();
      for (const end of ENDS) document.addEventListener(end, done, { once: true });
    });

  async function settle(form, button) {
    await after(MOMENT);
    await Promise.race([saved(), after(PATIENCE)]);
    if (button?.name) {
      // The button is at rest by now, and a resting button is not sent along.
      const { name, value } = button;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    sent = true;
    form.requestSubmit();
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (sent || !form.matches("[data-edit-form]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (held) return;
      held = true;
      settle(form, event.submitter);
    },
    true,
  );
})();
