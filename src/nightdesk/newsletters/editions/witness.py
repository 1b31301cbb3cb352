"""When a picture is public because of an edition. As stories do it (`nightdesk.stories.witnesses`)."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_save
from wagtail.models import ReferenceIndex
from wagtail.tasks import update_reference_index_task

from nightdesk.media.access import register_witness
from nightdesk.media.models import Picture
from nightdesk.newsletters.models import Edition


def stands_in_an_edition(picture: Picture) -> bool:
    """Whether an edition that readers have, or are getting, shows it."""
    held = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Picture),
        to_object_id=str(picture.pk),
        base_content_type=ContentType.objects.get_for_model(Edition),
        model_path__startswith="body.",
    ).values_list("object_id", flat=True)
    ids = [int(number) for number in held]
    return bool(ids) and Edition.with_page().filter(pk__in=ids).exists()


def index_now(
    sender: type, instance: Edition, raw: bool = False, update_fields=None, **_: object
) -> None:
    """Signal handler: what its body refers to is known in the transaction that changes it."""
    if raw or (update_fields is not None and "body" not in update_fields):
        return
    update_reference_index_task.call("newsletters", "edition", str(instance.pk))


def listen() -> None:
    register_witness(stands_in_an_edition)
    post_save.connect(index_now, sender=Edition, dispatch_uid="newsletters.editions.witness")
