"""A narrow disk: new audio stops before anything else does, and goes on by itself."""

from __future__ import annotations

import math
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from nightdesk.kernel import disk


def is_scarce() -> bool:
    """Of the data folder's disk, or of that with the files that readers hear."""
    return _left() < disk.LITTLE


def sentence() -> str:
    """What editors are told meanwhile; empty while there is room."""
    left = _left()
    if left >= disk.LITTLE:
        return ""
    return _(
        "Only %(left)d %% of the newsroom’s disk is free, so no new audio is made until it is "
        "%(enough)d %%. Stories keep the sound they have, and what waits is read then by itself. "
        "Tell whoever looks after the server."
    ) % {"left": math.floor(left * 100), "enough": round(disk.LITTLE * 100)}


def alarms() -> list[str]:
    """For the top of the admin's first page, where anything would be read at all."""
    said = sentence() if settings.NIGHTDESK["NIGHTDESK_NARRATION"] else ""
    return [said] if said else []


def _left() -> float:
    return disk.scarcest(Path(settings.DATA), Path(settings.MEDIA_ROOT))
