"""What happens to updates when something else does: their coverage is withdrawn, the brief that
they are is published or withdrawn."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, pre_delete
from wagtail.signals import published, unpublished

from nightdesk.briefs.models import Brief
from nightdesk.coverage import actions
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.coverage.moving import old_addresses
from nightdesk.press import outbox
from nightdesk.press.dependencies import list_key


def listen() -> None:
    unpublished.connect(_coverage_gone, sender=Coverage, dispatch_uid="coverage.coverage")
    published.connect(_brief_out, sender=Brief, dispatch_uid="coverage.brief")
    unpublished.connect(_brief_gone, sender=Brief, dispatch_uid="coverage.brief")
    pre_delete.connect(_brief_gone, sender=Brief, dispatch_uid="coverage.brief")
    m2m_changed.connect(_topics, sender=Brief.topics.through, dispatch_uid="coverage.brief")


def _coverage_gone(instance: Coverage, **_more: Any) -> None:
    """Its updates and old addresses go with it, at once and not when their pages are next looked at."""
    entries = Entry.objects.filter(coverage=instance, live=True).only("pk")
    page = instance.get_absolute_url()
    outbox.note((), [*(f"{page}{entry.pk}/" for entry in entries), *old_addresses(instance)])


def _brief_out(instance: Brief, **_more: Any) -> None:
    """Where it was before it stands again, unless an editor had withdrawn it there; and it is
    taken in by what takes in its topics."""
    if not instance.live:
        return
    for entry in Entry.objects.filter(brief=instance):
        if entry.live:
            outbox.note({list_key("live-entries", entry.coverage_id)})
        elif entry.withdrawal_key is None:
            actions.take_in(entry.coverage_id, instance.pk)
    _take_in(instance)


def _brief_gone(instance: Brief, **_more: Any) -> None:
    """Unpublished or deleted. The update's row stays: only rows can tell open pages to let go."""
    for entry in Entry.objects.filter(brief=instance, live=True):
        entry.unpublish()


def _topics(instance: Any, action: str, reverse: bool, **_more: Any) -> None:
    """The form of a brief writes its topics after the brief itself."""
    if action == "post_add" and not reverse and instance.live:
        _take_in(instance)


def _take_in(brief: Brief) -> None:
    """Into each coverage under way that takes in one of its topics, once."""
    takers = Coverage.objects.filter(
        live=True,
        takes_briefs=True,
        ended_at=None,
        started_at__lte=brief.published_at,
        locale=brief.locale_id,
        topics__in=brief.topics.all(),
    ).exclude(entries__brief=brief)
    for coverage in takers.distinct():
        actions.take_in(coverage.pk, brief.pk)
