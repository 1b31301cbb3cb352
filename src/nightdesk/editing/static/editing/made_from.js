// A form that has saved itself is made from what it saved: its next save, by a button, is not stale.
//
// Wagtail tells its own automatic save which revision that was, and not the form. The two fields
// are no change to Wagtail, which looks for changes in all others.
document.addEventListener("w-autosave:success", ({ target: form, detail: { data } }) => {
  if (!data.revision_id || !(form instanceof HTMLFormElement)) return;
  const now = {
    loaded_revision_id: data.revision_id,
    loaded_revision_created_at: data.revision_created_at,
  };
  for (const [name, value] of Object.entries(now)) {
    let field = form.elements.namedItem(name);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(field);
    }
    field.value = value;
  }
});
