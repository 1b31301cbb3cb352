// Counts while an edition is on its way, and shows its page anew when that changes.
(() => {
  const bar = document.getElementById("progress");
  if (!bar) return;
  const look = async () => {
    try {
      const answer = await fetch(bar.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (found.state !== bar.dataset.state) {
        window.location.reload();
        return;
      }
      bar.max = found.total || 1;
      bar.value = found.done;
      for (const cell of document.querySelectorAll("[data-count]")) {
        cell.textContent = found.words[cell.dataset.count];
      }
    } catch {
      // The server or the network is away: what stands there stays, and we ask again.
    }
    setTimeout(look, 2000);
  };
  look();
})();
