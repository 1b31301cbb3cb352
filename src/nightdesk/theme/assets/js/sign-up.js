// A form for newsletters is answered in its place. Whatever goes wrong on the way, it is sent as a
// browser without this script would send it.
customElements.define("nd-sign-up", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.busy) this.send(event.target);
    });
  }

  async send(form) {
    const button = form.querySelector("button");
    this.busy = true;
    button.setAttribute("aria-disabled", "true");
    const body = new URLSearchParams(new FormData(form));
    body.set("filled", Math.round(performance.now()));
    if (!body.has("from")) body.set("from", location.pathname);
    const post = (more) => fetch(form.action, { method: "POST", body, headers: { Accept: "application/json", ...more } });
    try {
      let answer = await post();
      let said = await answer.json();
      if (said.proof && crypto.subtle) {
        answer = await post({ "X-Proof": await this.prove(said.proof) });
        said = await answer.json();
      }
      if (answer.ok) this.accept(form, said);
      else this.refuse(form, said);
    } catch {
      form.submit();
    }
    this.busy = false;
    button.removeAttribute("aria-disabled");
  }

  // A number behind the challenge, so that their hash begins with as many zero bits as it asks for.
  async prove(challenge) {
    const text = new TextEncoder();
    const bits = parseInt(challenge);
    for (let number = 0; ; number++) {
      const proof = `${challenge}.${number}`;
      const hash = await crypto.subtle.digest("SHA-256", text.encode(proof));
      if (!(new DataView(hash).getUint32(0) >>> (32 - bits))) return proof;
    }
  }

  accept(form, said) {
    const box = document.createElement("div");
    box.className = "sign-up__accepted";
    box.tabIndex = -1;
    box.style.minBlockSize = `${form.offsetHeight}px`;
    for (const [name, words] of Object.entries(said)) {
      if (!words) continue;
      const line = document.createElement("p");
      line.className = `sign-up__${name}`;
      line.textContent = words;
      box.append(line);
    }
    form.replaceWith(box);
    box.focus({ preventScroll: true });
  }

  refuse(form, said) {
    const field = form.elements.email;
    const wrong = said.field === "newsletter" ? form.querySelector("[type=checkbox]") : field;
    form.querySelector(".sign-up__said .sign-up__error").textContent = said.error;
    field.toggleAttribute("aria-invalid", false);
    if (said.field === "email") field.setAttribute("aria-invalid", "true");
    (wrong ?? field).focus();
  }
});
