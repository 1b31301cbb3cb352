"""Lists of past editions: ``("editions", 5)`` a newsletter's; one stands in it from the moment its
sending began."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.stories.lists import newest

NAME = "editions"


def with_public_lists() -> QuerySet[Newsletter]:
    """Newsletters whose list of editions readers may see: it is offered to them, or they had one.
    Of another not even the name is public yet."""
    had = Edition.with_page().filter(newsletter=OuterRef("pk")).order_by()
    return Newsletter.objects.filter(Q(offered=True) | Exists(had.values("pk"))).select_related(
        "locale"
    )


def past(newsletter: Newsletter, count: int) -> list[Edition]:
    """The newest that readers have."""
    rows = Edition.with_page().filter(newsletter=newsletter)
    return newest(rows, count, NAME, newsletter.pk, by="started_at")
