"""HTML of the few tags that a text block allows, and never anything else.

nh3 (a parser like a browser's) does the cleaning; this module only says what is allowed. Bold and
italic come out as `b` and `i`, the names that the editor itself writes.
"""

import html
import re

import nh3

from nightdesk.kernel import text

BLOCK_TAGS = frozenset({"p", "h2", "h3", "ol", "ul", "li"})
_INLINE_TAGS = frozenset({"b", "strong", "i", "em", "a", "br"})
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_BOLD_AND_ITALIC = [
    (re.compile(rf"<(/?){written}>"), rf"<\1{meant}>")
    for written, meant in (("strong", "b"), ("em", "i"))
]
_SPACES = re.compile("[ \t\r\n\u00a0]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMPTY = re.compile(r"<(b|i|a)(?: [^>]*)?>(\s*)</\1>")


def clean_inline(markup: str) -> str:
    """Bold, italic, links and line breaks only; spaces put right, empty tags gone.

    Only http, https, mailto and tel links with an address survive; other links leave their text.
    """
    clean = nh3.clean(
        markup,
        tags=set(_INLINE_TAGS),
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )
    clean = re.sub(r"<a>(.*?)</a>", r"\1", clean, flags=re.DOTALL)
    clean = re.sub(
        r'<a href="(?!https?:|mailto:|tel:)[^"]*">(.*?)</a>', r"\1", clean, flags=re.DOTALL
    )
    for written, meant in _BOLD_AND_ITALIC:
        clean = written.sub(meant, clean)
    clean = _SPACES.sub(" ", clean)
    previous = None
    while clean != previous:
        previous, clean = clean, _EMPTY.sub(r"\2", clean)
    return re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", clean)


def without_controls(words: str) -> str:
    """Without the control characters that no text needs and PostgreSQL refuses (U+0000)."""
    return _CONTROLS.sub("", words)


def paragraph(words: str, tag: str = "p") -> str:
    """One element from plain text."""
    return f"<{tag}>{html.escape(words, quote=False)}</{tag}>"


def plain(markup: str) -> str:
    """The text of clean HTML on one line, entities resolved."""
    return " ".join(text.plain(markup).split())


def words_of(markup: str) -> int:
    """How many words a reader sees."""
    return text.count_words(text.plain(markup))
