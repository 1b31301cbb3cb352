"""When a picture is public because of a coverage."""

from nightdesk.coverage.models import Coverage, Entry
from nightdesk.media.models import Picture


def illustrates_a_coverage(picture: Picture) -> bool:
    """Whether a published coverage or one of its updates shows it."""
    return (
        Coverage.objects.filter(picture=picture, live=True).exists()
        or Entry.public().filter(picture=picture).exists()
    )
