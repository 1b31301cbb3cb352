"""Where a row of a live list stands, as the screen knows it: the same of a brief and of an update."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from nightdesk.briefs.desk.live.streams import NotThereError, State, Words


def number_in(id: str, letter: str) -> int:
    """``"b12"`` → 12. Raises ``NotThereError``."""
    if id[:1] != letter or not id[1:].isdecimal() or len(id) > 19:
        raise NotThereError(id)
    return int(id[1:])


def words_saved(saved: Revision) -> Words:
    """Read from the version itself: making a row of it asks for all it leads to."""
    content = saved.content
    return Words(content["text"], content["headline"], content["source"])


def state_of(row: Any) -> State:
    if row.live:
        return State.SCHEDULED if row.published_at > timezone.now() else State.LIVE
    if row.is_withdrawn:
        return State.WITHDRAWN
    return State.SCHEDULED if row.scheduled_revision else State.DRAFT


def moment_of(row: Any, state: State) -> datetime.datetime:
    """When it goes out, went out, or was withdrawn."""
    if state is State.SCHEDULED and row.scheduled_revision:
        return row.scheduled_revision.approved_go_live_at
    if state is State.WITHDRAWN and row.withdrawn_at:
        return row.withdrawn_at
    return row.published_at
