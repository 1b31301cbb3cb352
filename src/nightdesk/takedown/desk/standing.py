"""How a takedown stands, in words that an editor can act on at three in the morning."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from nightdesk.press.purging import recalled
from nightdesk.press.shelf.format import NAME as SHELF
from nightdesk.press.shelf.format import sqlite3
from nightdesk.press.shelf.read import Shown
from nightdesk.press.shelf.takedowns import read
from nightdesk.takedown.models import Takedown

#: Seconds within which the press and the CDN have answered when all is well; and for which the
#: page of a takedown looks again by itself.
_ANSWERS, _LOOKED_AT = 15.0, 60.0


@dataclass(frozen=True)
class Line:
    """``is_well``: True, False, or None while it is under way."""

    text: str
    is_well: bool | None


@dataclass(frozen=True)
class Standing:
    row: Takedown
    here: Line
    lists: Line
    cdn: Line

    @property
    def lines(self) -> tuple[Line, Line, Line]:
        return self.here, self.lists, self.cdn

    @property
    def is_settled(self) -> bool:
        """Whether looking again in a moment is of no use."""
        return all(line.is_well for line in self.lines) or not _is_young(self.row, _LOOKED_AT)


def of(data: Path, row: Takedown) -> Standing:
    return Standing(row, _here(data, row), _lists(data, row), _cdn(data, row))


def _here(data: Path, row: Takedown) -> Line:
    if not (data / SHELF).exists():
        return Line(
            _(
                "It is down in the database. The newsstands, which run on other machines, answer "
                "“This page has been taken down.” as soon as their press has read that, within a "
                "second or two. Open its address to see."
            ),
            None,
        )
    try:
        listed = row.key in read(data).down
    except OSError:
        listed = False
    if listed:
        return Line(_("Our own server answers “This page has been taken down.”"), True)
    return Line(
        _(
            "It is down in the database. This machine's newsstand learns of it when its press "
            "works again: ask whoever runs this site to look at “nightdesk press status”."
        ),
        False,
    )


def _lists(data: Path, row: Takedown) -> Line:
    """Whether a stored page can still show it."""
    try:
        shown = Shown(data)
    except (FileNotFoundError, ValueError, sqlite3.Error):
        return Line(_("There is no shelf of printed pages on this machine to look at."), None)
    try:
        taken = row.key in shown.meta("withheld", "[]")
    except sqlite3.Error:
        taken = False
    finally:
        shown.close()
    if taken:
        return Line(_("No front page, list, feed, sitemap or search of ours shows it."), True)
    return Line(
        _(
            "Lists may still name it: the press has not answered yet. If this stays, ask whoever "
            "runs this site to look at “nightdesk press status” at once."
        ),
        None if _is_young(row) else False,
    )


def _cdn(data: Path, row: Takedown) -> Line:
    if not settings.NIGHTDESK["NIGHTDESK_CDN"]:
        return Line(
            _(
                "No CDN is told of changes. If one stands before this site, it asks again within "
                "ten seconds for pages and within a minute for pictures."
            ),
            True,
        )
    found = recalled.state(data, row.key)
    if found and found.gone:
        return Line(_("Gone at the CDN at %s.") % _clock(found.gone), True)
    if found and found.trouble:
        return Line(
            _(
                "Not gone at the CDN: %(said)s It is purged again and again. Purge it by hand in "
                "the CDN's own console, and ask whoever runs this site to look at "
                "“nightdesk press status”."
            )
            % {"said": found.trouble},
            False,
        )
    if row.purged_at:
        return Line(_("Gone at the CDN at %s.") % _clock(row.purged_at.timestamp()), True)
    if _is_young(row):
        return Line(_("The CDN is being told. Reload this page in a moment."), None)
    return Line(
        _(
            "Nobody has told the CDN on this machine: the press does not work, or it runs on "
            "another machine. Purge it by hand in the CDN's own console."
        ),
        False,
    )


def _is_young(row: Takedown, seconds: float = _ANSWERS) -> bool:
    return timezone.now() - row.at < datetime.timedelta(seconds=seconds)


def _clock(epoch: float) -> str:
    when = timezone.localtime(datetime.datetime.fromtimestamp(epoch, datetime.UTC))
    return f"{when:%H:%M:%S}"
