"""Which pages anyone may read, as far as restrictions go.

Wagtail asks an alias's source who may read it when the page itself is asked for, but its own
``.public()`` looks only at where a page stands: lists and feeds would hold a restricted story
because an alias of it stands in an open section.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

Pages = TypeVar("Pages", bound=PageQuerySet)


def public(pages: Pages) -> Pages:
    """Those of ``pages`` that are restricted neither where they stand nor as aliases."""
    hidden = Q()
    for restriction in PageViewRestriction.objects.select_related("page").all():
        hidden |= pages.descendant_of_q(restriction.page, inclusive=True)
        hidden |= Q(alias_of=restriction.page_id)
    return pages.exclude(hidden) if hidden else pages
