// Select a word in what will be read: it goes into the small form, with its sentence. "Hear it"
// asks for that sentence as it would be said, and keeps nothing.
(() => {
  const page = document.getElementById("story-aloud");
  const form = page && page.querySelector(".nd-name");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const said = form.querySelector(".nd-name__heard");
  const audio = form.querySelector(".nd-name__audio");
  const button = form.querySelector(".nd-name__hear");
  button.hidden = false;

  page.querySelectorAll(".nd-said__sentence").forEach((sentence) => {
    const choose = () => {
      // A double click takes the 's of a name and the comma behind it along.
      const word = String(getSelection()).trim().replace(/^[("“‘«]+|[.,;:!?)"”»]+$/g, "").replace(/['’]s$/, "");
      if (!word || word.length > 80) return;
      field("term").value = word;
      field("sentence").value = sentence.dataset.written;
    };
    sentence.addEventListener("mouseup", choose);
    sentence.addEventListener("touchend", () => setTimeout(choose, 0));
  });

  let address = "";
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "…";
    try {
      const answer = await fetch(page.dataset.hear, { method: "POST", body: new FormData(form) });
      if (answer.ok) {
        if (address) URL.revokeObjectURL(address);
        address = URL.createObjectURL(await answer.blob());
        audio.src = address;
        audio.hidden = false;
        said.textContent = "";
        await audio.play().catch(() => {});
      } else if (answer.status === 422) {
        said.textContent = (await answer.json()).error;
      } else {
        said.textContent = answer.statusText;
      }
    } catch (error) {
      said.textContent = String(error.message || error);
    } finally {
      button.disabled = false;
    }
  });
})();
