"""What became of a table, in words; and that somebody took the list out, in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log as write_log

from nightdesk.newsletters.models import Newsletter
from nightdesk.newsletters.tables import bringing
from nightdesk.newsletters.tables.bringing import Report

TAKEN_OUT, BROUGHT_IN = "newsletters.export_subscribers", "newsletters.import_subscribers"

WORDS = {
    bringing.ADDED: _("subscribed"),
    bringing.WAITING: _("wait for their own click"),
    bringing.ENDED: _("kept as unsubscribed"),
    bringing.SUPPRESSED: _("suppressed: nothing is sent to them"),
    bringing.THERE: _("were here already"),
    bringing.ENDED_HERE: _("have ended it here, and were not brought back"),
    bringing.SUPPRESSED_HERE: _("are suppressed here, and were not brought back"),
    bringing.BAD: _("could not be taken in"),
}


def told(report: Report) -> Iterator[tuple[int, str]]:
    """(how many, what became of them), nothing of what did not happen."""
    for became, words in WORDS.items():
        if report.counts[became]:
            yield report.counts[became], str(words)


def note(action: str, newsletters: Iterable[Newsletter], user: Any = None, **data: Any) -> None:
    """To the log of each newsletter, and by it to the audit."""
    for newsletter in newsletters:
        write_log(instance=newsletter, action=action, user=user, data=data)
