"""Until when a story is held back, and what is refused until then.

An embargo belongs to the story, not to one of its versions: no version of it goes out before its
minute, neither the newest nor an old one that somebody brings back. It only ever gets later, until
its minute has come or somebody lifts it (`nightdesk.stories.actions.lift_embargo`). When the minute
comes nothing happens; the embargo just holds nothing back any more.

It is guarded where all ways of publishing meet: where the row of a story is written as live, and
where a version gets the time at which the clock will publish it. Both ask the database in the
transaction that writes.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models.signals import pre_save
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

if TYPE_CHECKING:
    from nightdesk.stories.models import StoryPage

SET = "nightdesk.embargo.set"
LIFT = "nightdesk.embargo.lift"


class UnderEmbargo(Exception):
    """Something would have gone out, or been set to go out, too early. Its text is for editors."""

    def __init__(self, until: datetime.datetime, story_id: int | None = None) -> None:
        super().__init__(refusal(until))
        self.until = until
        self.story_id = story_id


def may_be_used(story: StoryPage, now: datetime.datetime, *, draft: bool = False) -> bool:
    """Whether the embargo lets anything be made of ``story`` at ``now``: a mail, a narration, a
    card. The one question for every room that takes a story's text anywhere.

    What readers have already may always be used; an embargo on a published story holds its next
    version back, so whoever takes the text of a draft says ``draft=True``. Whether a story *is*
    published is another question: `StoryPage.readable`.
    """
    return (story.live and not draft) or not holds(story.embargo_until, now)


def holds(until: datetime.datetime | None, now: datetime.datetime) -> bool:
    """From its minute on an embargo holds nothing back."""
    return until is not None and now < until


def standing(story: StoryPage) -> datetime.datetime | None:
    """Until when the story is held back now; None when nothing holds it."""
    return story.embargo_until if holds(story.embargo_until, timezone.now()) else None


def in_words(moment: datetime.datetime) -> str:
    """“12 March, 00:01 (Kyiv)”, on the newsroom's clock; with the year when it is another."""
    zone = timezone.get_default_timezone()
    local = moment.astimezone(zone)
    same_year = local.year == timezone.now().astimezone(zone).year
    day = date_format(local, "j E" if same_year else "j E Y")
    return f"{day}, {local:%H:%M} ({zone_in_words()})"


def zone_in_words() -> str:
    """``Europe/Kyiv`` → ``Kyiv``."""
    return settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")


def refusal(until: datetime.datetime) -> str:
    return _(
        "This story is under embargo until %(moment)s. Publish it then, schedule it, or lift the "
        "embargo."
    ) % {"moment": in_words(until)}


def settle(story: StoryPage) -> None:
    """After a version was written: the story has the embargo that its form asked for.

    The row of a published story is not written while its next version is drafted; of everything
    that a form changes, the embargo alone must hold at once.
    """
    kept = _row(story.pk)
    if kept is None or kept["embargo_until"] == story.embargo_until:
        return
    story.embargo_until = later_one(kept["embargo_until"], story.embargo_until)
    if story.embargo_until == kept["embargo_until"]:
        return
    type(story).objects.filter(pk=story.pk).update(embargo_until=story.embargo_until)
    _has_changed(story)


def later_one(
    kept: datetime.datetime | None, wanted: datetime.datetime | None
) -> datetime.datetime | None:
    """What becomes of an embargo when another is asked for: one that holds never gets earlier."""
    if holds(kept, timezone.now()) and (wanted is None or wanted < kept):
        return kept
    return wanted


def listen() -> None:
    from nightdesk.stories.models import StoryPage

    pre_save.connect(_before_story, sender=StoryPage, dispatch_uid="nightdesk.embargo.story")
    pre_save.connect(_before_version, sender=Revision, dispatch_uid="nightdesk.embargo.version")


def _before_story(
    instance: StoryPage, raw: bool = False, update_fields: Any = None, **_kwargs: object
) -> None:
    """Signal handler. Raises UnderEmbargo when writing this row would publish something."""
    if raw or (update_fields is not None and not {"live", "embargo_until"} & set(update_fields)):
        return
    now = timezone.now()
    if instance.alias_of_id:
        # It follows its source in everything: what the source may show it may show.
        source = _row(instance.alias_of_id)
        if instance.live and source and not source["live"] and holds(source["embargo_until"], now):
            raise UnderEmbargo(source["embargo_until"], instance.alias_of_id)
        return
    kept = None if instance._state.adding else _row(instance.pk)
    if kept and kept["embargo_until"] != instance.embargo_until:
        instance.embargo_until = later_one(kept["embargo_until"], instance.embargo_until)
        if kept["embargo_until"] != instance.embargo_until:
            _has_changed(instance)
    if not instance.live or not holds(instance.embargo_until, now):
        return
    if kept and kept["live"] and kept["live_revision_id"] == instance.live_revision_id:
        return  # readers have this version already
    raise UnderEmbargo(instance.embargo_until, instance.pk)


def _before_version(
    instance: Revision, raw: bool = False, update_fields: Any = None, **_kwargs: object
) -> None:
    """Signal handler. Raises UnderEmbargo when the clock would publish this version too early."""
    planned = instance.approved_go_live_at
    if raw or planned is None:
        return
    if update_fields is not None and "approved_go_live_at" not in update_fields:
        return
    if instance.base_content_type.model_class() is not Page:
        return
    kept = _row(int(instance.object_id))
    if kept and holds(kept["embargo_until"], timezone.now()) and planned < kept["embargo_until"]:
        raise UnderEmbargo(kept["embargo_until"], int(instance.object_id))


def _row(pk: int | None) -> dict[str, Any] | None:
    """What the database says of a story; other writers wait for the end of this transaction."""
    from nightdesk.stories.models import StoryPage

    rows = StoryPage._base_manager.filter(pk=pk)
    if connection.in_atomic_block and connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    return rows.values("live", "live_revision_id", "embargo_until").first()


def _has_changed(story: StoryPage) -> None:
    """Say so in the story's log, and let nothing be planned for a moment that is now too early."""
    until = story.embargo_until
    log(instance=story, action=SET, data={"until": until.isoformat() if until else None})
    if until is not None:
        early = story.revisions.filter(approved_go_live_at__lt=until)
        early.update(approved_go_live_at=until)
