"""A person's name wherever it stands, however it is typed, and other words in its place.

Case, accents' form, stress marks, kinds of apostrophe, hyphen and space, soft hyphens, entities and
tags inside the name make no difference; whole words only. No grammar: “Олени” is another spelling
than “Олена”, and somebody has to name it.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

_APOSTROPHES = "’‘ʼʹ`´′＇‛ʻʽ"
_HYPHENS = "‐‑‒–—−﹣－"
_SAME = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_HYPHENS, "-"))
#: Stress, and what nobody sees. Nothing else: й and ї keep what makes them no и and і.
_UNSEEN = re.compile(
    "[\u0300\u0301\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)

_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.S)
_PARTING = re.compile(
    r"</?(?:p|h[1-6]|li|ul|ol|hr|div|section|blockquote|figure|figcaption|td|th|tr|table)\b", re.I
)
_BREAK = re.compile(r"<br\b[^>]*>", re.I)
_PIECE = re.compile(
    r"(<!--.*?-->|</?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)|(&#?\w+;)|(.)", re.S
)
_ATTRIBUTE = re.compile(r"([\w:-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_EMPTIED = re.compile(r"<(b|i|em|strong|a|u|s|span|mark|small)\b[^<>]*>\s*</\1>", re.I)
_URL = re.compile(r"(?:[a-z][a-z+.-]*:|/)\S*", re.I)
_APART = "\0"
#: Between two words of a name: spaces, or one of what stands there in addresses and handles.
_BETWEEN = r"(?:\s+|[._+-]|%20)"


def normal(text: str) -> str:
    """What is equal in two texts that a reader takes for the same."""
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFKD", text.translate(_SAME)).casefold()
    return _UNSEEN.sub("", unicodedata.normalize("NFKD", text))


def _tokens(text: str) -> list[str]:
    """The words of an address: ``/authors/olena-s_b/`` → authors, olena, s, b."""
    bare = "".join(letter for letter in normal(text) if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", bare)


def key_of(name: str) -> str:
    """Equal for two spellings of a name that differ only in how they are typed."""
    return " ".join(_tokens(name.replace("'", "").translate(_SAME).replace("'", "")))


class Spellings:
    """The ways in which one name is written."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
        patterns = sorted(map(_pattern, self.names), key=len, reverse=True)
        joined = [re.escape("".join(_tokens(name))) for name in self.names]
        whole = "|".join(patterns)
        handles = "|".join(joined)
        self._loose = re.compile(f"{whole}|[#@](?:{handles})" if self.names else r"(?!)")
        self._exact = re.compile(
            rf"(?<!\w)(?:{whole})(?!\w)|(?<=[#@])(?:{handles})(?!\w)" if self.names else r"(?!)"
        )
        self._in_urls = {f" {key} " for name in self.names for key in _url_keys(name)}

    def may_be_in(self, text: str) -> bool:
        """Fast, and never wrong when it says no."""
        bare = _TAG.sub("", _BREAK.sub(" ", text)) if "<" in text else text
        if "&" in bare:
            bare = html.unescape(bare)
        if self._loose.search(normal(bare)):
            return True
        if "%" in text or "<" in text:
            raw = html.unescape(unquote(text))
            return bool(self._loose.search(normal(raw))) or self.is_in_url(raw)
        return "/" in text and self.is_in_url(text)

    def is_in_url(self, url: str) -> bool:
        """Also the joined form of handles: ``/@olenasydorenko``."""
        words = f" {' '.join(_tokens(unquote(url)))} "
        return any(key in words for key in self._in_urls)

    def slug_without(self, slug: str, words: str) -> str:
        """``interview-with-olena-sydorenko`` → ``interview-with-the-news-desk``."""
        tokens, instead = f" {' '.join(_tokens(slug))} ", " ".join(_tokens(words))
        for key in sorted(self._in_urls, key=len, reverse=True):
            while key in tokens:
                tokens = tokens.replace(key, f" {instead} ")
        return "-".join(tokens.split())

    def spans(self, units: list[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
        """(first, last) unit of each place where the name stands."""
        letters = "".join(unit[0] for unit in units)
        if not letters:
            return
        owner = [number for number, unit in enumerate(units) for _ in unit[0]]
        for found in self._exact.finditer(letters):
            start, end = found.span()
            if start and owner[start - 1] == owner[start]:
                continue
            if end < len(letters) and (
                owner[end] == owner[end - 1] or unicodedata.combining(letters[end])
            ):
                continue
            yield owner[start], owner[end - 1]


def _pattern(name: str) -> str:
    words = []
    for word in normal(name).split():
        parts = []
        for letter in word:
            if letter == "'":
                parts.append("'?")
            elif letter == "-":
                parts.append(r"(?:\s*-\s*|\s+)")
            elif letter == ".":
                parts.append(r"\.?")
            else:
                parts.append(re.escape(letter))
        words.append("".join(parts))
    return _BETWEEN.join(words)


def _url_keys(name: str) -> set[str]:
    plain = _tokens(name)
    without = _tokens(name.translate(_SAME).replace("'", ""))
    keys = {" ".join(plain), " ".join(without)}
    if len(without) > 1 and len("".join(without)) > 7:
        keys.add("".join(without))
    return keys


class Replacing:
    """Puts ``words`` where the name stands, and ``address`` where an address has it.

    ``places`` keeps a few words around each name that was found, as far as ``keep`` allows.
    """

    def __init__(self, spellings: Spellings, words: str, address: str, keep: int = 0) -> None:
        self.spellings, self.words, self.address = spellings, words, address
        self.count = 0
        self.places: list[str] = []
        self._keep = keep

    def value(self, value: Any, passing: frozenset[str] = frozenset()) -> Any:
        """Any JSON: all strings in it, those that are JSON or HTML themselves as what they are.
        Values under the names of ``passing`` stay."""
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, list):
            return [self.value(each, passing) for each in value]
        if isinstance(value, dict):
            return {
                key: each if key in passing else self.value(each, passing)
                for key, each in value.items()
            }
        return value

    def string(self, text: str) -> str:
        if not text:
            return text
        if text[0] in "[{" and text[-1] in "]}":
            try:
                inside = json.loads(text)
            except ValueError:
                pass
            else:
                # Only what was changed is written anew: nothing else may differ by a space.
                changed = self.value(inside)
                return text if changed == inside else json.dumps(changed, ensure_ascii=False)
        if not self.spellings.may_be_in(text):
            return text
        if _URL.fullmatch(text):
            return self.url(text)
        return self.text(text, is_html=bool(_TAG.search(text)))

    def url(self, url: str) -> str:
        if not self.spellings.is_in_url(url):
            return url
        self._note(url, 0, len(url))
        return self.address

    def text(self, text: str, *, is_html: bool = False) -> str:
        tags = [(m.start(), m.end()) for m in _TAG.finditer(text)] if is_html else []
        units = list(_units(text, is_html))
        cuts: list[tuple[int, int, str]] = []
        for first, last in self.spellings.spans(units):
            words = html.escape(self.words, quote=False) if is_html else self.words
            self._note(text, units[first][1], units[last][2])
            for number in range(first, last + 1):
                _letters, start, end = units[number]
                if start != end:
                    cuts.append((start, end, words))
                    words = ""
        for start, end in tags:
            changed = self._tag(text[start:end])
            if changed != text[start:end]:
                cuts.append((start, end, changed))
        if not cuts:
            return text
        pieces, done = [], 0
        for start, end, instead in sorted(cuts):
            pieces += [text[done:start], instead]
            done = end
        whole = "".join([*pieces, text[done:]])
        return _without_emptied(whole) if is_html else whole

    def _tag(self, tag: str) -> str:
        if tag.startswith("<!--"):
            return "" if self.spellings.may_be_in(tag[4:-3]) else tag
        if "=" not in tag or not (
            self.spellings.may_be_in(html.unescape(tag.strip("<>")))
            or self.spellings.is_in_url(tag)
        ):
            return tag

        def attribute(found: re.Match[str]) -> str:
            name, equals, quoted = found.groups()
            value = html.unescape(quoted[1:-1])
            addressed = name.lower() in ("href", "src", "cite", "url")
            new = self.url(value) if addressed else self.text(value)
            return f'{name}{equals}"{html.escape(new)}"' if new != value else found[0]

        return _ATTRIBUTE.sub(attribute, tag)

    def _note(self, text: str, start: int, end: int) -> None:
        self.count += 1
        if len(self.places) < self._keep:
            around = text[max(0, start - 120) : end + 120]
            bare = " ".join(html.unescape(_TAG.sub(" ", around)).split())
            self.places.append(bare[:240])


def _units(text: str, is_html: bool) -> Iterator[tuple[str, int, int]]:
    """(normal letters, start, end): each letter with what is written over it; entities as what
    they stand for; a tag that parts paragraphs as something that no name goes across."""
    waiting: tuple[str, int, int] | None = None
    for found in _PIECE.finditer(text):
        tag, entity, letter = found.groups()
        if tag and is_html:
            if waiting:
                yield (normal(waiting[0]), *waiting[1:])
                waiting = None
            if _PARTING.match(tag):
                yield _APART, found.start(), found.start()
            elif tag[:3].lower() == "<br":
                yield " ", found.start(), found.start()
            continue
        if tag:  # no HTML: letter by letter
            if waiting:
                yield (normal(waiting[0]), *waiting[1:])
                waiting = None
            yield from (
                (normal(one), found.start() + n, found.start() + n + 1) for n, one in enumerate(tag)
            )
            continue
        said = html.unescape(entity) if entity else letter
        if waiting and unicodedata.combining(said[0]):
            waiting = (waiting[0] + said, waiting[1], found.end())
            continue
        if waiting:
            yield (normal(waiting[0]), *waiting[1:])
        waiting = (said, found.start(), found.end())
    if waiting:
        yield (normal(waiting[0]), *waiting[1:])


def _without_emptied(markup: str) -> str:
    """``<b>Words</b> <i></i>`` without what holds nothing any more."""
    before = None
    while before != markup:
        before, markup = markup, _EMPTIED.sub("", markup)
    return markup
