// How a takedown stands changes within seconds: look again until all is done, and put only that part
// of the page anew, so that nobody loses their place and a screen reader says what is new.
(() => {
  const AGAIN = 2000;
  const SHOWN = "[data-standing]";

  async function look() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return undefined;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [now, before] = [page.querySelector(SHOWN), document.querySelector(SHOWN)];
    if (!now) return location.reload(); // It was lifted.
    if (now.textContent !== before.textContent) before.replaceChildren(...now.childNodes);
    before.dataset.standing = now.dataset.standing;
    return undefined;
  }

  async function until() {
    while (document.querySelector(SHOWN)?.dataset.standing === "open") {
      await new Promise((done) => setTimeout(done, AGAIN));
      await look().catch(() => {}); // No network: the next look may have one.
    }
  }
  document.addEventListener("DOMContentLoaded", until);
})();
