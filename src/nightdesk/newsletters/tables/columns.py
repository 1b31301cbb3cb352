"""What the columns of a table of subscribers are called, here and by others, and what they say.

Read from exports of Mailchimp (subscribed, unsubscribed, cleaned), Ghost, listmonk, and from ours.
A column that is nobody's is left where it is: no name, no network address, no place, no rating is
taken in. What is not kept cannot be lost.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_noop as _

from nightdesk.newsletters.addresses import Address, NoAddressError, read
from nightdesk.newsletters.said import Said, SaidError

#: Ours, in the order of an export.
OURS = (
    "email",
    "newsletter",
    "language",
    "state",
    "source",
    "place",
    "asked_at",
    "confirmed_at",
    "ended_at",
    "ended_why",
    "words",
    "paused_until",
    "suppressed",
)

#: Behind the reason of a suppression that concerns one newsletter and not all.
HERE_ONLY = "this newsletter only"

#: Ours ← as others call it, in small letters, ``_`` and ``-`` as spaces.
_OTHERS = {
    "email": ("e mail", "email address", "e mail address", "mail", "subscriber email", "address"),
    "newsletter": ("list", "newsletter slug"),
    "language": ("locale", "lang"),
    "state": (
        "status",
        "subscription status",
        "subscribed to emails",
        "subscribed",
        "email marketing status",
    ),
    "asked_at": ("optin time", "created at", "subscribed at", "signup date", "date added"),
    "confirmed_at": ("confirm time", "confirmed", "confirmation time"),
    "ended_at": ("unsub time", "unsubscribed at", "date unsubscribed"),
    "cleaned_at": ("clean time",),
}
_NAMES = {name.replace("_", " "): name for name in (*OURS, "cleaned_at")} | {
    other: name for name, others in _OTHERS.items() for other in others
}

ACTIVE, PENDING, UNSUBSCRIBED, SUPPRESSED = "active", "pending", "unsubscribed", "suppressed"
_STATES = {
    ACTIVE: ("active", "subscribed", "confirmed", "enabled", "true", "yes", "1"),
    PENDING: ("pending", "unconfirmed", "not confirmed", "optin"),
    UNSUBSCRIBED: ("unsubscribed", "disabled", "inactive", "false", "no", "0", "opted out"),
    SUPPRESSED: (
        *("cleaned", "bounced", "bounce", "complained", "complaint", "spam"),
        *("blocklisted", "blacklisted", "suppressed", "non-existent"),
    ),
}
_SAID = {word: state for state, words in _STATES.items() for word in words}

#: A cell that begins so is a formula to a spreadsheet; ours begins with ``'`` then, and so does one
#: that begins with ``'`` and such a sign, so that reading takes back exactly what writing has put.
_FORMULA = "=+-@\t\r'"


class BadRowError(SaidError):
    """This row cannot be taken in; ``why`` says it, and never whose it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. ``state``: one of the four above. Times in UTC, None when not said."""

    address: Address
    newsletter: str
    language: str
    state: str
    source: str
    place: str
    asked_at: datetime.datetime | None
    confirmed_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    ended_why: str
    words: str
    paused_until: datetime.datetime | None
    suppressed: str


def known(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Our column → its place in this table (the first of several), and those that stay behind."""
    places: dict[str, int] = {}
    left = []
    for place, title in enumerate(header):
        name = _NAMES.get(_plain(title))
        if name is None or name in places:
            left.append(title.strip())
        else:
            places[name] = place
    return places, left


def row_of(places: Mapping[str, int], cells: Sequence[str]) -> Row:
    """Raises ``BadRowError``."""

    def said(name: str) -> str:
        place = places.get(name)
        return readable(cells[place]).strip() if place is not None and place < len(cells) else ""

    try:
        address = read(said("email"))
    except NoAddressError:
        raise BadRowError(
            Said(_("this is no e-mail address") if said("email") else _("there is no address"))
        ) from None
    ended_at = _time(said("ended_at"), "ended_at")
    return Row(
        address,
        said("newsletter"),
        said("language"),
        _state(said, bool(ended_at)),
        said("source")[:12],
        said("place")[:500],
        _time(said("asked_at"), "asked_at"),
        _time(said("confirmed_at"), "confirmed_at"),
        ended_at,
        said("ended_why")[:12],
        said("words"),
        _time(said("paused_until"), "paused_until"),
        said("suppressed"),
    )


def _state(said, has_ended: bool) -> str:  # type: ignore[no-untyped-def]
    if said("cleaned_at") or said("suppressed"):
        return SUPPRESSED
    word = said("state").casefold()
    if word and word not in _SAID:
        raise BadRowError(Said(_("the state “%(word)s” is not known"), word=word[:40]))
    if word:
        return _SAID[word]
    return UNSUBSCRIBED if has_ended else ACTIVE


def _time(text: str, name: str) -> datetime.datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = datetime.datetime.combine(day, datetime.time())
    except ValueError:
        moment = None
    if moment is None:
        raise BadRowError(
            Said(_("%(name)s is no time that is known: write it as 2026-11-28 07:00"), name=name)
        )
    # Others write no zone, and mean UTC (Mailchimp, Ghost and listmonk do).
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=datetime.UTC)


def harmless(cell: str) -> str:
    """For a spreadsheet: never a formula."""
    return f"'{cell}" if cell[:1] and cell[0] in _FORMULA else cell


def readable(cell: str) -> str:
    """What ``harmless`` was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in _FORMULA else cell


def _plain(title: str) -> str:
    return " ".join(
        title.strip().lstrip("\ufeff").casefold().replace("_", " ").replace("-", " ").split()
    )
