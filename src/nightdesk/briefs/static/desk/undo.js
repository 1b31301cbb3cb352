// "Undo" is offered for some seconds, counted down, and then taken away: the server refuses it by
// then. Where no script runs it stays, and the server says so.
(() => {
  const SECOND = 1000;

  for (const offer of document.querySelectorAll("[data-undo-seconds]")) {
    const left = offer.querySelector("[data-undo-left]");
    let seconds = Number(offer.dataset.undoSeconds);
    const counting = setInterval(() => {
      seconds -= 1;
      if (seconds > 0) {
        left.textContent = seconds;
        return;
      }
      clearInterval(counting);
      const focused = offer.contains(document.activeElement);
      offer.remove();
      if (focused) document.querySelector(".desk-short textarea")?.focus();
    }, SECOND);
  }
})();
