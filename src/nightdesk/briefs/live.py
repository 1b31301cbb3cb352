"""What open pages learn: the live document beside a list, and the rows that both show.

The document holds the newest rows, every row in which readers got something new lately, and what
was withdrawn lately; it is the same for everybody and says nothing of "now". A page that is open
for hours needs nothing else, as long as what it knows reaches back no further than the document::

    {"seq": "5f0c…",                another one whenever anything else is
     "at": "…",                     the latest thing that happened
     "from": "…",                   whatever happened since then is in here
     "since": "…",                  every row since then is in here, whatever happened to it
     "horizon_hours": 24,
     "items": [{"id": "b123", "v": "9f3a1c2e", "at": "…", "day": "2026-11-28",
                "day_label": "November 28, 2026", "html": "<details data-item=…>"}],
     "withdrawn": [{"id": "b120", "v": "…", "at": "…", "html": "<p data-item=…>"}],
     "ended": false}

Times are the newsroom's alone: a browser compares them with each other, never with its own clock.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from nightdesk.theme import dates

#: What happened this long before the latest thing is told to pages that are open.
HORIZON = datetime.timedelta(hours=24)
#: The newest rows that are always told, and how many rows at most.
NEWEST, MOST = 20, 60

_NO_VERSION = 'data-version=""'


@dataclass(frozen=True)
class Row:
    """One row of a live list, as pages and the document show it. ``at``: its place in the list;
    ``changed``: when readers last got something new in it; ``html``: one element that says
    ``data-item`` and ``data-version``."""

    id: str
    at: datetime.datetime
    changed: datetime.datetime
    html: str
    version: str


def row(
    template: str,
    id: str,
    at: datetime.datetime,
    changed: datetime.datetime | None = None,
    **context: Any,
) -> Row:
    """Render a row. Its ``template`` begins with ``<details data-item="{{ item }}"
    data-version="" …>``, or any other element that says so; the version is filled in here."""
    html = render_to_string(template, {**context, "item": id, "at": at}).strip()
    version = hashlib.blake2b(html.encode(), digest_size=4).hexdigest()
    if _NO_VERSION not in html:
        raise ValueError(f'{template} must say data-version="".')
    html = html.replace(_NO_VERSION, f'data-version="{version}" data-at="{_iso(at)}"', 1)
    return Row(id, at, changed or at, html, version)


def withdrawn_row(id: str, at: datetime.datetime) -> Row:
    """What stands in the place of a row that is withdrawn."""
    return row("components/withdrawn.html", id, at)


def live_document(
    rows: Iterable[Row], withdrawn: Iterable[Row] = (), *, ended: bool = False
) -> dict[str, Any]:
    """The document of a list. ``rows``: the `NEWEST` by their place, and at least ``MOST + 1`` of
    those that changed last, if there are as many; ``withdrawn``: likewise the latest."""
    unique = {each.id: each for each in rows}
    listed = sorted(unique.values(), key=_place, reverse=True)
    top, rest = listed[:NEWEST], sorted(listed[NEWEST:], key=_change, reverse=True)
    taken = sorted(withdrawn, key=_change, reverse=True)
    # What does not fit was forgotten, so whoever knows less than that must look at the page.
    forgotten = [each.changed for each in (*rest[MOST - len(top) :], *taken[MOST:])]
    at = max((each.changed for each in (*listed, *taken)), default=None)
    since = at and max([at - HORIZON, *(_after(moment) for moment in forgotten)])
    told = [each for each in rest[: MOST - len(top)] if since and each.changed >= since]
    said: dict[str, Any] = {
        "at": _iso(at),
        "from": _iso(since),
        "since": _iso(top[-1].at if top else None),
        "horizon_hours": HORIZON // datetime.timedelta(hours=1),
        "items": [_item(each) for each in sorted([*top, *told], key=_place, reverse=True)],
        "withdrawn": [
            {"id": each.id, "v": each.version, "at": _iso(each.at), "html": each.html}
            for each in taken[:MOST]
            if since and each.changed >= since
        ],
        "ended": ended,
    }
    text = json.dumps(said, sort_keys=True)
    return {"seq": hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), **said}


def latest(rows: Sequence[Row]) -> str:
    """For ``<nd-live data-at="…">``: the latest thing that a page with these rows knows of."""
    return _iso(max((each.changed for each in rows), default=None))


def _place(each: Row) -> tuple[datetime.datetime, int, str]:
    """Rows of the same moment stand as in the list, the one written last first."""
    number = each.id.lstrip("abcdefghijklmnopqrstuvwxyz")
    return each.at, int(number) if number.isdecimal() else 0, each.id


def _change(each: Row) -> tuple[datetime.datetime, str]:
    return each.changed, each.id


def _after(moment: datetime.datetime) -> datetime.datetime:
    return moment + datetime.timedelta(microseconds=1)


def _item(each: Row) -> dict[str, str]:
    return {
        "id": each.id,
        "v": each.version,
        "at": _iso(each.at),
        "day": timezone.localtime(each.at).date().isoformat(),
        "day_label": dates.day(each.at),
        "html": each.html,
    }


def _iso(moment: datetime.datetime | None) -> str:
    """In UTC and always as long, so that texts stand in the order of their moments."""
    if moment is None:
        return ""
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")
