// The cursor waits in the headline of a new story. The browser's own autofocus comes too early:
// the form's tabs are still closed then.
window.addEventListener("load", () => {
  const first = document.querySelector("#page-edit-form [autofocus]");
  if (first && document.activeElement === document.body) first.focus();
});
