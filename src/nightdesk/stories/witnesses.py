"""When a picture is public because of a story: a story that anyone may read shows it.

Wagtail's reference index says which stories hold a picture in their body. It follows the
published text, not a draft beside it; but Wagtail brings it up to date in a queued task, and a
reader must neither miss the picture of a fresh story nor get one that was just taken out. So
`index_now` does the same at once, in the transaction that changes the story.
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_save
from wagtail.models import Page, ReferenceIndex
from wagtail.tasks import update_reference_index_task

from nightdesk.media.access import register_witness
from nightdesk.media.models import Picture
from nightdesk.stories.models import StoryPage


def leads(picture: Picture) -> bool:
    """Whether it is the lead picture of a readable story."""
    return StoryPage.readable().filter(lead_picture=picture).exists()


def stands_in_a_body(picture: Picture) -> bool:
    """Whether a readable story shows it between its paragraphs."""
    held = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Picture),
        to_object_id=str(picture.pk),
        base_content_type=ContentType.objects.get_for_model(Page),
        model_path__startswith="body.",
    ).values_list("object_id", flat=True)
    ids = [int(number) for number in held]
    return bool(ids) and StoryPage.readable().filter(pk__in=ids).exists()


def portrays_a_shown_author(picture: Picture) -> bool:
    from nightdesk.stories.shown import shown_authors

    return shown_authors().filter(portrait=picture).exists()


def index_now(
    sender: type, instance: StoryPage, raw: bool = False, update_fields=None, **_: object
) -> None:
    """Signal handler: after a story is saved, note what its published body refers to.

    ``instance`` may carry a draft; the task reads the story again from the database.
    """
    if raw or (update_fields is not None and "body" not in update_fields):
        return
    update_reference_index_task.call("stories", "storypage", str(instance.pk))


def listen() -> None:
    """Answer for stories when a reader asks for a picture."""
    for witness in (leads, stands_in_a_body, portrays_a_shown_author):
        register_witness(witness)
    post_save.connect(index_now, sender=StoryPage, dispatch_uid="stories.witnesses")
