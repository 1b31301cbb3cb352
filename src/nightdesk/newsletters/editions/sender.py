"""At which domains our editions say they come from: the mail doctor looks at each."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import DatabaseError

from nightdesk.newsletters.models import Newsletter

log = logging.getLogger("nightdesk.newsletters.editions")


def domains() -> Iterator[str]:
    """Of newsletters with an address of their own. None while the database cannot be asked: the
    doctor is called when something is wrong, and says what it can without it."""
    try:
        own = list(
            Newsletter.objects.exclude(from_address="").values_list("from_address", flat=True)
        )
    except DatabaseError as error:
        log.warning("The newsletters' own senders are not looked at: the database says %s.", error)
        return
    for each in own:
        yield each.rpartition("@")[2]
