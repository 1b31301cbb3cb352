// A video or chart from elsewhere: a plain link until the reader asks for the player.
customElements.define("nd-embed", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => this.play());
  }

  play() {
    const frame = document.createElement("iframe");
    frame.src = this.getAttribute("frame");
    frame.title = this.getAttribute("label");
    frame.allow = "fullscreen; picture-in-picture";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    this.replaceChildren(frame);
    frame.focus();
  }
});
