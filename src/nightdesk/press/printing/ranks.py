"""What is printed first: what an editor waits for and open pages ask for, what stands on every page,
lists, the rest."""

from __future__ import annotations

from nightdesk.press.shelf.write import LISTED, REST, SHARED, URGENT

_RANKS = {
    **dict.fromkeys(("asset", "error", "fragment", "home"), SHARED),
    "live": URGENT,
    **dict.fromkeys(("section", "news feed", "news_feed", "feed", "newsletters"), LISTED),
}


def rank_of(kind: str) -> int:
    """The place in the line of an answer of this kind, when it is stale."""
    return _RANKS.get(kind, REST)
