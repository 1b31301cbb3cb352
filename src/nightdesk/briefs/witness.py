"""When a picture is public because of a brief."""

from django.utils import timezone

from nightdesk.briefs.models import Brief
from nightdesk.media.models import Picture


def illustrates_a_brief(picture: Picture) -> bool:
    """Whether a published brief shows it."""
    return Brief.objects.filter(
        picture=picture, live=True, published_at__lte=timezone.now()
    ).exists()
