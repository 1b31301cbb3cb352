"""From what changed on the shelf to what the CDN is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from nightdesk.press.purging.order import Order
from nightdesk.press.shelf import tags

#: More changed answers than this at once are one purge of their section, or of everything.
BULK = 100
_FRAGMENT, _ERROR, _ASSETS = "fragment:", "error:", "/assets/"


@dataclass(frozen=True)
class Site:
    """The public address without a trailing slash, and the editions below the main one."""

    url: str
    languages: tuple[str, ...] = ()

    def order(self, paths: Collection[str], *, hard: bool, bulk: bool = True) -> Order:
        """For changed paths of the shelf. ``bulk=False``: the CDN can only be told one by one.

        Fragments are known to a CDN by the tags of the pages they stand on. Ready error pages and
        theme files need no purge: the ones are kept for seconds, the others never change.
        """
        pages = [path for path in paths if path.startswith("/") and not path.startswith(_ASSETS)]
        named = [tags.fragment(path) for path in paths if path.startswith(_FRAGMENT)]
        if bulk and len(pages) > BULK:
            sections = {tags.section(path, self.languages) for path in pages}
            if len(sections) > 1:
                return Order(hard=hard, everything=True)
            return Order(tags=(*sections, *named), hard=hard)
        return Order(
            urls=tuple(self.url + quote(path) for path in pages),
            tags=(*map(tags.own, pages), *named),
            hard=hard,
        )
