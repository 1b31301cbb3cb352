"""The same page in a second place, which follows the first."""

from __future__ import annotations


class GoesOutWithItsAliases:
    """Mixed into pages, before Wagtail's `Page`.

    Wagtail makes every alias of a page live when that page is published, and takes a page that was
    only *scheduled* for published: its alias would be with readers before its time.
    """

    def update_aliases(self, **what: object) -> None:
        if self.live:
            super().update_aliases(**what)
