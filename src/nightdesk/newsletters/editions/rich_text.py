"""An editor's text as a mail can have it, and the same as plain words with every link written out.

No looks, no scripts, no pictures: paragraphs, lists, emphasis, links with full addresses.
"""

from __future__ import annotations

import re
import textwrap
from html.parser import HTMLParser

import nh3
from django.conf import settings
from wagtail.rich_text import expand_db_html

_TAGS = {"p", "br", "b", "strong", "i", "em", "a", "ul", "ol", "li"}
#: Columns of a plain text.
WIDTH = 72


def clean(source: str) -> str:
    """What Wagtail keeps of a text → HTML that stands anywhere; empty when it says nothing."""
    html = nh3.clean(
        expand_db_html(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", f"{settings.PUBLIC_URL}/"),
        link_rel=None,
    ).strip()
    # A link to a page that readers may not open is none; its words stay.
    html = re.sub(r"<a>(.*?)</a>", r"\1", html, flags=re.DOTALL)
    return html if re.sub(r"<[^>]*>|&nbsp;|\s", "", html) else ""


def as_plain(html: str) -> str:
    """Clean HTML as plain text: lists with marks, an address behind each link's words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def wrapped(words: str, first: str = "", after: str = "") -> str:
    """One paragraph in lines; an address is never cut."""
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=after,
        break_long_words=False,
        break_on_hyphens=False,
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[str] = []
        self._words: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._lists: list[int | None] = []
        self._mark = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "ul", "ol", "li"):
            self._end()
        if tag == "ul":
            self._lists.append(None)
        elif tag == "ol":
            self._lists.append(1)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            if number is None:
                self._mark = "- "
            else:
                self._mark, self._lists[-1] = f"{number}. ", number + 1
        elif tag == "br":
            self._words.append("\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._words)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            address, start = self._links.pop()
            said = "".join(self._words[start:]).strip()
            address = address.removeprefix("mailto:")
            if address and address != said:
                self._words.append(f" <{address}>")
        elif tag in ("p", "li"):
            self._end()
        elif tag in ("ul", "ol") and self._lists:
            self._end()
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(re.sub(r"\s+", " ", data))

    def _end(self) -> None:
        lines = "".join(self._words).split("\n")
        said = [" ".join(line.split()) for line in lines]
        indent = "  " * max(0, len(self._lists) - 1)
        mark, self._mark, self._words = self._mark, "", []
        if not any(said):
            self._mark = mark
            return
        rest = indent + " " * len(mark)
        first = indent + mark
        text = "\n".join(
            wrapped(line, rest if number else first, rest) for number, line in enumerate(said)
        )
        tight = bool(mark) and bool(self._done) and bool(self._lists)
        self._done.append(
            ("\n" if tight and self._is_item else "\n\n" if self._done else "") + text
        )
        self._is_item = bool(mark)

    _is_item = False

    def text(self) -> str:
        self._end()
        return "".join(self._done)
