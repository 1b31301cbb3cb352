// A paste from Google Docs, Word or a web page keeps its headings, links, bold, italics and lists.
//
// Wagtail's editor drops everything else that it knows, but not all of what may be on a clipboard:
// the insides of scripts and style sheets would arrive as text, and a document's top headings as
// plain paragraphs. So its HTML is put right before the editor sees it. What was copied from
// another of our own text fields passes untouched.
(() => {
  const NOT_TEXT =
    "script, style, noscript, template, head, title, iframe, object, embed, svg, math, " +
    "button, input, select, textarea, audio, video, canvas";
  const OURS = "data-draftjs-conductor-fragment";
  const HEADINGS = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };
  const passed = new WeakSet();

  function rename(element, name) {
    const other = element.ownerDocument.createElement(name);
    other.append(...element.childNodes);
    element.replaceWith(other);
  }

  // Google Docs sends readers of a link through its own counter first.
  function straight(address) {
    const link = URL.canParse(address) ? new URL(address) : null;
    const detour = link && /(^|\.)google\.[a-z.]+$/.test(link.hostname) && link.pathname === "/url";
    return (detour && link.searchParams.get("q")) || address;
  }

  function putRight(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(NOT_TEXT).forEach((element) => element.remove());
    page.querySelectorAll(Object.keys(HEADINGS).join(",")).forEach((heading) => {
      rename(heading, HEADINGS[heading.tagName]);
    });
    page.querySelectorAll("a[href]").forEach((link) => {
      link.setAttribute("href", straight(link.getAttribute("href")));
    });
    return page.body.innerHTML;
  }

  document.addEventListener(
    "paste",
    (event) => {
      const clipboard = event.clipboardData;
      const inText = event.target.closest?.(".public-DraftEditor-content");
      const html = inText && clipboard ? clipboard.getData("text/html") : "";
      if (!html || passed.has(event) || html.includes(OURS)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const right = new DataTransfer();
      right.setData("text/html", putRight(html));
      right.setData("text/plain", clipboard.getData("text/plain"));
      const again = new ClipboardEvent("paste", {
        clipboardData: right,
        bubbles: true,
        cancelable: true,
      });
      passed.add(again);
      event.target.dispatchEvent(again);
    },
    true,
  );
})();
