"""Scheduled publishing and expiry of everything that has drafts, each in one transaction.

Wagtail's own command clears the schedule and publishes in two commits: a crash between them
loses the story for ever. Here both happen or neither, and one that fails holds up no other.
"""

from __future__ import annotations

import datetime
import logging

from django.apps import apps
from django.db import transaction
from wagtail.models import DraftStateMixin, Page, Revision

from nightdesk.press import together
from nightdesk.press.withdrawals import WithdrawnError

log = logging.getLogger("nightdesk.press.schedule")


def _models() -> list[type]:
    drafts = (model for model in apps.get_models() if issubclass(model, DraftStateMixin))
    return [Page, *(model for model in drafts if not issubclass(model, Page))]


def publish_due(now: datetime.datetime) -> int:
    """Publish every revision whose time has come; returns how many went live."""
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    return sum(_publish(pk) for pk in due.values_list("pk", flat=True))


def _publish(revision_id: int) -> bool:
    try:
        with transaction.atomic():
            together.beside_others()
            revision = (
                Revision.objects.select_for_update(of=("self",), no_key=True)
                .filter(pk=revision_id, approved_go_live_at__isnull=False)
                .first()
            )
            if revision is None:
                return False
            revision.publish(log_action="wagtail.publish.scheduled")
    except WithdrawnError as refused:
        log.error("Not published as scheduled, and taken off the schedule: %s", refused)
        Revision.objects.filter(pk=revision_id).update(approved_go_live_at=None)
        return False
    except Exception:
        log.exception("Revision %s could not be published. It stays scheduled.", revision_id)
        return False
    return True


def expire_due(now: datetime.datetime) -> int:
    """Take down everything whose time is over; returns how many went."""
    count = 0
    for model in _models():
        due = model.objects.filter(live=True, expire_at__lte=now).values_list("pk", flat=True)
        count += sum(_expire(model, pk, now) for pk in list(due))
    return count


def _expire(model: type, pk: int, now: datetime.datetime) -> bool:
    try:
        with transaction.atomic():
            together.beside_others()
            thing = model.objects.filter(pk=pk, live=True, expire_at__lte=now).first()
            if thing is None:
                return False
            thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    except Exception:
        log.exception("%s %s could not be taken down. It is tried again.", model.__name__, pk)
        return False
    return True


def overdue(now: datetime.datetime, grace: datetime.timedelta) -> list[str]:
    """What should have gone live or down longer than ``grace`` ago and has not, in words."""
    limit = now - grace
    late = [
        f"{revision.object_str} should have been published at {revision.approved_go_live_at:%H:%M}"
        for revision in Revision.objects.filter(approved_go_live_at__lte=limit)
    ]
    for model in _models():
        late += [
            f"{thing} should have been taken down at {thing.expire_at:%H:%M}"
            for thing in model.objects.filter(live=True, expire_at__lte=limit)
        ]
    return late
