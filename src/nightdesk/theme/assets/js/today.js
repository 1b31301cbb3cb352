// The date line of the masthead. A stored page cannot know what day it is; the browser does.
customElements.define("nd-today", class extends HTMLElement {
  connectedCallback() {
    const format = { weekday: "long", year: "numeric", month: "long", day: "numeric", timeZone: this.getAttribute("zone") };
    this.textContent = new Intl.DateTimeFormat(document.documentElement.lang, format).format(new Date());
  }
});
