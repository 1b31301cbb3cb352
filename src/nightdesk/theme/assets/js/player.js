// A story read aloud. The browser's own player does the playing, also without this script; here are
// the speed, 15 seconds back and on, the place kept for the next visit, the sentence that is being
// read, "listen from here", and the keys of headphones and lock screens.
customElements.define("nd-player", class extends HTMLElement {
  connectedCallback() {
    this.audio = this.querySelector("audio");
    if (!this.audio || this.ready) return;
    this.ready = true;
    // The story's part of the file's name: what was edited meanwhile is heard on where it was left.
    this.place = `nightdesk-heard:${new URL(this.audio.src).pathname.replace(/-[^-]*$/, "")}`;
    this.addControls();
    this.audio.addEventListener("play", () => this.begin());
    this.audio.addEventListener("timeupdate", () => this.remember());
    this.audio.addEventListener("ended", () => { this.forget(); this.light(null); });
    this.addEventListener("keydown", (event) => this.key(event));
  }

  addControls() {
    const bar = document.createElement("div");
    bar.className = "player__controls";
    const button = (text, label, act) => {
      const one = document.createElement("button");
      one.type = "button";
      one.textContent = text;
      one.setAttribute("aria-label", this.getAttribute(label));
      one.addEventListener("click", act);
      bar.append(one);
    };
    button("−15", "slower", () => this.jump(-15));
    button("+15", "faster", () => this.jump(15));
    const speed = document.createElement("select");
    speed.setAttribute("aria-label", this.getAttribute("speed"));
    for (const rate of [0.75, 1, 1.25, 1.5, 1.75, 2]) speed.add(new Option(`${rate}×`, rate, rate === 1, rate === 1));
    speed.addEventListener("change", () => { this.audio.playbackRate = this.audio.defaultPlaybackRate = Number(speed.value); });
    bar.append(speed);
    this.querySelector(".player__bar").append(bar);
  }

  begin() {
    if (!this.begun) {
      this.begun = true;
      this.resume();
      this.follow();
      this.stick();
      this.nameIt();
    }
  }

  jump(seconds) {
    this.audio.currentTime = Math.max(0, this.audio.currentTime + seconds);
  }

  key(event) {
    if (event.target.matches("select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { j: () => this.jump(-15), l: () => this.jump(15), k: () => (this.audio.paused ? this.audio.play() : this.audio.pause()) }[event.key];
    if (act) { event.preventDefault(); act(); }
  }

  // Where the reader stopped is kept in the browser alone, until the end was heard.
  remember() {
    const now = Math.floor(this.audio.currentTime / 5);
    if (now === this.kept || this.audio.seeking) return;
    this.kept = now;
    try { localStorage.setItem(this.place, this.audio.currentTime); } catch { /* not kept, then */ }
  }

  resume() {
    let at = 0;
    try { at = Number(localStorage.getItem(this.place)); } catch { /* begin at the beginning */ }
    const go = () => {
      if (at > 5 && at < this.audio.duration - 5 && this.audio.currentTime < 1) this.audio.currentTime = at;
    };
    if (this.audio.readyState) go();
    else this.audio.addEventListener("loadedmetadata", go, { once: true });
  }

  forget() {
    try { localStorage.removeItem(this.place); } catch { /* there is none */ }
  }

  // The sentences, found in the page by their own words.
  follow() {
    const track = this.audio.textTracks[0];
    if (!track) return;
    track.mode = "hidden";
    const show = () => {
      const cue = track.activeCues && track.activeCues[0];
      this.light(cue ? this.ranges?.get(cue.id) : null);
    };
    const read = () => {
      if (this.ranges || !track.cues?.length) return;
      this.find([...track.cues]);
      show();
    };
    track.addEventListener("cuechange", () => { read(); show(); });
    this.querySelector("track").addEventListener("load", read);
    read();
  }

  find(cues) {
    this.ranges = new Map();
    const roots = document.querySelectorAll(".story__headline, .story__standfirst, .corrections, .story__body");
    const text = [];
    let whole = "";
    for (const root of roots) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { data } = walker.currentNode;
        for (let index = 0; index < data.length; index += 1) {
          const space = /\s/.test(data[index]);
          if (space && whole.endsWith(" ")) continue;
          whole += space ? " " : data[index];
          text.push([walker.currentNode, index]);
        }
      }
      if (!whole.endsWith(" ")) { whole += " "; text.push(text.at(-1)); }
    }
    let from = 0;
    const begun = new Set();
    for (const cue of cues) {
      const said = this.written(cue);
      // A headline is read with a full stop that it has not on the page.
      const found = [said, said.replace(/\.$/, "")].find((words) => words && whole.includes(words, from));
      if (!found) continue;
      const at = whole.indexOf(found, from);
      from = at + found.length;
      const range = new Range();
      range.setStart(...text[at]);
      const [node, index] = text[from - 1];
      range.setEnd(node, index + 1);
      this.ranges.set(cue.id, range);
      const paragraph = range.startContainer.parentElement.closest(".text p, .text li, .quote p");
      if (paragraph && !begun.has(paragraph)) {
        begun.add(paragraph);
        this.offer(paragraph, cue.startTime);
      }
    }
  }

  written(cue) {
    try { return JSON.parse(cue.text).written.replace(/\s+/g, " ").trim(); } catch { return ""; }
  }

  offer(paragraph, at) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "listen-here";
    button.textContent = "▶";
    button.title = this.getAttribute("here");
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => { this.audio.currentTime = at; this.audio.play(); });
    paragraph.classList.add("is-heard");
    paragraph.append(button);
  }

  light(range) {
    if (!globalThis.CSS?.highlights) return;
    if (range) CSS.highlights.set("nd-heard", new Highlight(range));
    else CSS.highlights.delete("nd-heard");
  }

  // While it plays and is out of sight, the bar stays at the foot of the window; its place is kept.
  stick() {
    const bar = this.querySelector(".player__bar");
    this.watcher = new IntersectionObserver(([entry]) => {
      const away = !entry.isIntersecting && !this.audio.paused && entry.boundingClientRect.bottom < 0;
      if (away) this.style.minBlockSize = `${this.offsetHeight}px`;
      this.classList.toggle("player--away", away);
      if (!away && bar) this.style.minBlockSize = "";
    });
    this.watcher.observe(this);
  }

  nameIt() {
    if (!navigator.mediaSession) return;
    const title = document.querySelector(".story__headline")?.textContent;
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist: document.querySelector(".wordmark")?.textContent?.trim() });
    navigator.mediaSession.setActionHandler("seekbackward", () => this.jump(-15));
    navigator.mediaSession.setActionHandler("seekforward", () => this.jump(15));
  }
});
