"""Taking back, without a word to readers, what was sent a moment ago: a brief, or an update of a
coverage."""

from __future__ import annotations

import datetime
import math
from typing import Any

from django.utils import timezone

from nightdesk.people.models import User

#: So long an editor is offered to take back what was just sent; a slow network is forgiven more.
UNDO = datetime.timedelta(seconds=10)
_FORGIVEN = datetime.timedelta(seconds=5)


class TooLateError(Exception):
    """Readers have had it for longer than one takes things back without a word."""


def may_be_taken_back(row: Any, by: User) -> bool:
    """Whether ``by`` sent it a moment ago, and it is out or will be."""
    return _seconds_since_sent(row, by) <= (UNDO + _FORGIVEN).total_seconds()


def seconds_to_take_back(row: Any, by: User) -> int:
    """How long Undo is still offered to ``by``: not to who saved it just now, when readers have had
    it for longer."""
    since = _seconds_since_sent(row, by)
    if row.live and row.published_at <= timezone.now():
        since = max(since, (timezone.now() - row.published_at).total_seconds())
    left = UNDO.total_seconds() - since
    return math.ceil(left) if left > 0 else 0


def _seconds_since_sent(row: Any, by: User) -> float:
    sent = row.latest_revision
    if sent is None or sent.user_id != by.pk:
        return math.inf
    if not (row.live or row.scheduled_revision):
        return math.inf
    return (timezone.now() - sent.created_at).total_seconds()
