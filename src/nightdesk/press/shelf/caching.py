"""How long browsers and shared caches may keep each kind of answer. Told in docs/operate/cdn.md.

Browsers ask every time (a question that costs a 304), because nobody can purge a browser. Shared
caches keep an answer for seconds, not hours: the newsstand answers in microseconds, so a longer
life would buy nothing and a lost purge would show a withdrawn story for as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nightdesk.press.shelf import tags

Headers = list[tuple[str, str]]

_YEAR = 365 * 24 * 3600
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Life:
    """Seconds in a ``browser``; in a ``shared`` cache that nobody purges; in one that is ``purged``
    by the press; ``meanwhile``: after their end such a cache may answer while it asks anew;
    ``in_trouble``: it may go on when the newsroom cannot be reached. ``immutable``: a browser
    need not ask even when the reader reloads the page."""

    browser: int
    shared: int
    purged: int
    meanwhile: int = 0
    in_trouble: int = _DAY
    immutable: bool = False


#: ``purged + meanwhile`` is the longest that a withdrawn story or brief can be shown by a CDN
#: whose purges all fail; ``shared`` is the same for a cache that is never told.
TABLE = {
    "page": Life(browser=0, shared=10, purged=55, meanwhile=5),
    "feed": Life(browser=0, shared=10, purged=55, meanwhile=5),
    "sitemap": Life(browser=0, shared=10, purged=55, meanwhile=5),
    "redirect": Life(browser=0, shared=10, purged=55, meanwhile=5),
    # Asked for again and again by open pages.
    "live": Life(browser=0, shared=2, purged=2),
    "fragment": Life(browser=0, shared=2, purged=2),
    # A story may appear at this address in a moment.
    "error": Life(browser=0, shared=5, purged=5, in_trouble=0),
    # Their names never mean another picture, but a picture can be withdrawn.
    "media": Life(browser=_YEAR, shared=60, purged=295, meanwhile=5, immutable=True),
    # Their names hold a hash of their content, which is no secret of anybody's.
    "asset": Life(browser=_YEAR, shared=_YEAR, purged=_YEAR, in_trouble=0, immutable=True),
}
_FEEDS = frozenset({"feed", "feeds", "rss", "atom", "podcast"})


def kind_of_answer(kind: str, status: int = 200) -> str:
    """A row of the table for an entry's kind; what has no row of its own is a page."""
    if 300 <= status < 400:
        return "redirect"
    if status >= 400:
        return "error"
    if kind in _FEEDS:
        return "feed"
    return kind if kind in TABLE else "page"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CDN is spoken to. ``life``: the header that only it reads (empty: ``Cache-Control``
    must do); ``tags``: the header for tags (empty: it knows none); ``between``: what parts them."""

    life: str = ""
    tags: str = ""
    between: str = " "


#: By the value of the setting NIGHTDESK_CDN. Each of these takes its own headers off the answer.
DIALECTS = {
    "varnish": Dialect("surrogate-control", "xkey"),
    "fastly": Dialect("surrogate-control", "surrogate-key"),
    "cloudflare": Dialect("cloudflare-cdn-cache-control", "cache-tag", ","),
    "cloudfront": Dialect(),
    "http": Dialect(),
}


class Caching:
    """The cache headers of a newsroom's answers. ``cdn``: its setting NIGHTDESK_CDN, maybe empty;
    ``languages``: codes of its editions below the main one."""

    def __init__(self, cdn: str = "", languages: Sequence[str] = ()) -> None:
        self._dialect = DIALECTS[cdn] if cdn else None
        self._languages = tuple(languages)

    def headers(
        self, kind: str, path: str, slots: Iterable[str] = (), status: int = 200
    ) -> Headers:
        """Lower-case names. ``slots``: paths of the fragments that stand on the page."""
        life = TABLE[kind_of_answer(kind, status)]
        slots = tuple(slots)
        told = self._dialect
        if told is None or life.browser == life.purged:
            return [("cache-control", _for_all(life, life.shared))]
        if not told.tags:
            # Nobody can tell this cache which pages show a fragment that has changed.
            return [("cache-control", _for_all(life, life.shared if slots else life.purged))]
        named = tags.of_answer(path, slots, self._languages)
        seconds = life.purged if len(named) <= tags.MOST else life.shared
        return [
            ("cache-control", _for_browsers(life)),
            (told.life, _for_cdn(life, seconds)),
            (told.tags, told.between.join(named[: tags.MOST])),
        ]


def _for_browsers(life: Life) -> str:
    value = f"public, max-age={life.browser}"
    return f"{value}, immutable" if life.immutable else value


def _for_all(life: Life, seconds: int) -> str:
    # Never stale-while-revalidate here: browsers obey it too, and an editor who has just
    # published would be shown the page of a minute ago.
    value = _for_browsers(life)
    if seconds != life.browser:
        value += f", s-maxage={seconds}"
    return f"{value}, stale-if-error={life.in_trouble}" if life.in_trouble else value


def _for_cdn(life: Life, seconds: int) -> str:
    value = f"max-age={seconds}"
    if life.meanwhile:
        value += f", stale-while-revalidate={life.meanwhile}"
    return f"{value}, stale-if-error={life.in_trouble}" if life.in_trouble else value
