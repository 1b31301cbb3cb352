"""Lists of past editions: ``("editions", 5)`` a newsletter's; one stands in it from the moment its
sending began."""

from __future__ import annotations

from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.stories.lists import newest

NAME = "editions"


def past(newsletter: Newsletter, count: int) -> list[Edition]:
    """The newest that readers have."""
    rows = Edition.with_page().filter(newsletter=newsletter)
    return newest(rows, count, NAME, newsletter.pk, by="started_at")
