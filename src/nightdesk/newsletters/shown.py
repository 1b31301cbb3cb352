"""What readers may know of because a newsletter that is offered to them names it."""

from __future__ import annotations

from django.db.models import Q

from nightdesk.media.models import Picture
from nightdesk.newsletters.models import Newsletter


def hosts() -> Q:
    """The condition on authors: the host of an offered newsletter."""
    return Q(pk__in=Newsletter.objects.filter(offered=True, host__isnull=False).values("host"))


def stands_for_a_newsletter(picture: Picture) -> bool:
    """Whether an offered newsletter shows it."""
    return Newsletter.objects.filter(offered=True, picture=picture).exists()
