"""Bring subscribers in from a table: a batch at a time, each wholly or not at all.

Nobody becomes a subscriber by being on somebody's list. Whoever is confirmed there is confirmed
here only when the one who brings them says where and how they agreed, or when the table is an
export of ours that carries the proof itself; all others wait for their own click. Whoever has
ended, was suppressed or had themselves erased here stays so, whatever the table says. So bringing
the same table in twice changes nothing, and after a crash it is simply brought in again.
"""

from __future__ import annotations

import csv
import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.models import (
    ConsentEvent,
    ConsentWords,
    Newsletter,
    Subscriber,
    Subscription,
    Suppression,
    Wish,
)
from nightdesk.newsletters.said import Said, SaidError, kept
from nightdesk.newsletters.subscribing import words_kept
from nightdesk.newsletters.tables import columns
from nightdesk.newsletters.tables.columns import BadRowError, Row

State = Subscription.State
Kind = ConsentEvent.Kind

#: Rows in one transaction: some milliseconds, for which an editor may have to wait.
BATCH = 200
#: Bad rows that are named; of more, only how many.
NAMED = 1000

#: What becomes of a row, in the order in which it is told.
ADDED, WAITING, ENDED, SUPPRESSED = "added", "waiting", "ended", "suppressed"
THERE, ENDED_HERE, SUPPRESSED_HERE, BAD = "there", "ended here", "suppressed here", "bad"


class NoTableError(SaidError):
    """This is no table of subscribers; the message says what is missing."""


@dataclass
class Report:
    """``counts``: how many rows became what. ``bad``: (line, why) of the first thousand, why
    as ``newsletters/said.py`` keeps it.
    ``read``: rows that were looked at, those that were passed over first included."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[int, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    newsletters: set[int] = field(default_factory=set)
    read: int = 0
    is_whole: bool = False

    def note_bad(self, line: int, why: Sequence[Said]) -> None:
        self.counts[BAD] += 1
        if len(self.bad) < NAMED:
            self.bad.append((line, kept(why)))


@dataclass(frozen=True)
class Order:
    """``newsletter``: for rows that name none. ``proof``: where and how those who are confirmed in
    the table agreed, in a sentence; empty: they wait for their own click. ``ask``: mail those who
    wait. ``place``: what the table is called, kept with each proof."""

    newsletter: Newsletter | None = None
    proof: str = ""
    ask: bool = False
    place: str = ""
    is_trial: bool = False
    by: Any = None


def bring_in(
    lines: Iterable[str], order: Order, *, after: int = 0, most: int | None = None
) -> Report:
    """``lines``: of the file, their ends kept. ``after`` so many rows, ``most`` so many: to do it
    piece by piece; the report's ``read`` is where the next begins, unless it ``is_whole``.
    Raises ``NoTableError``."""
    report = Report(read=after)
    lines = iter(lines)
    head = next(lines, "")
    delimiter = max(",;\t|", key=head.count)
    reader = csv.reader(itertools.chain([head], lines), delimiter=delimiter)
    places, report.left = columns.known(next(reader, []))
    if "email" not in places:
        raise NoTableError(Said(_("The first line names no column of addresses, such as “email”.")))
    if "newsletter" not in places and order.newsletter is None:
        raise NoTableError(Said(_("The table does not say which newsletter: name one.")))
    is_ours = {"confirmed_at", "source", "place", "words"} <= places.keys()
    known = _Newsletters(order.newsletter)
    for _passed in itertools.islice(_any_way(reader), after):
        pass
    upto = None if most is None else after + most
    rows = _rows(reader, places, known, report, upto)
    while batch := list(itertools.islice(rows, BATCH)):
        try:
            report.counts += _take(batch, order, is_ours)
        except IntegrityError:  # somebody signed up in between: they are there at the second look
            report.counts += _take(batch, order, is_ours)
        report.newsletters.update(newsletter.pk for _row, newsletter in batch)
    return report


class _Newsletters:
    """By slug and language, looked up once."""

    def __init__(self, fallback: Newsletter | None) -> None:
        self._fallback = fallback
        self._found: dict[tuple[str, str], Newsletter] = {}

    def of(self, row: Row) -> Newsletter:
        if not row.newsletter and self._fallback is not None:
            return self._fallback
        key = (row.newsletter, row.language)
        if key not in self._found:
            self._found[key] = named(*key)
        return self._found[key]


def named(slug: str, language: str = "") -> Newsletter:
    """Raises ``BadRowError`` in words when there is none, or when it could be one of several."""
    if not slug:
        raise BadRowError(Said(_("it does not say which newsletter")))
    found = list(Newsletter.objects.filter(slug=slug).select_related("locale"))
    if len(found) > 1 and language:
        found = [each for each in found if each.language == language]
    if not found:
        raise BadRowError(Said(_("there is no newsletter “%(slug)s”"), slug=slug[:60]))
    if len(found) > 1:
        raise BadRowError(
            Said(
                _("the newsletter “%(slug)s” is there in several languages: name one"),
                slug=slug[:60],
            )
        )
    return found[0]


def _any_way(reader: Any) -> Iterator[None]:
    """Every row, those that cannot be read among them."""
    while True:
        try:
            next(reader)
        except StopIteration:
            return
        except csv.Error:
            pass
        yield


def _rows(
    reader: Any, places: dict[str, int], known: _Newsletters, report: Report, upto: int | None
) -> Iterator[tuple[Row, Newsletter]]:
    while upto is None or report.read < upto:
        line = reader.line_num + 1
        report.read += 1
        try:
            cells = next(reader)
            if not any(cell.strip() for cell in cells):
                continue
            row = columns.row_of(places, cells)
            yield row, known.of(row)
        except StopIteration:
            report.is_whole = True
            return
        except BadRowError as error:
            report.note_bad(line, error.why)
        except csv.Error:
            report.note_bad(line, (Said(_("this line cannot be read as a row of a table")),))


@transaction.atomic
def _take(batch: Sequence[tuple[Row, Newsletter]], order: Order, is_ours: bool) -> Counter[str]:
    taking = _Taking(batch, order, is_ours)
    for row, newsletter in batch:
        taking.take(row, newsletter)
    taking.write()
    if order.is_trial:
        transaction.set_rollback(True)
    return taking.counts


class _Taking:
    """One batch: what is there is read at once, what changes is written at once."""

    def __init__(
        self, batch: Sequence[tuple[Row, Newsletter]], order: Order, is_ours: bool
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.order, self.is_ours, self.now = order, is_ours, timezone.now()
        keys = {row.address.key for row, _newsletter in batch}
        self.readers = {
            each.email_key: each for each in Subscriber.objects.filter(email_key__in=keys)
        }
        self.there: dict[tuple[str, int], Subscription] = {
            (each.subscriber.email_key, each.newsletter_id): each
            for each in Subscription.objects.filter(
                subscriber__in=self.readers.values()
            ).select_related("subscriber")
        }
        self.suppressed: set[tuple[str, int | None]] = set(
            Suppression.objects.filter(
                fingerprint__in=[fingerprint(key) for key in keys]
            ).values_list("fingerprint", "newsletter")
        )
        self.new_readers: dict[str, Subscriber] = {}
        self.new: list[Subscription] = []
        self.changed: list[Subscription] = []
        self.events: list[ConsentEvent] = []
        self.new_suppressions: list[Suppression] = []
        self.wishes: list[Wish] = []

    def take(self, row: Row, newsletter: Newsletter) -> None:
        key = row.address.key
        here = self.there.get((key, newsletter.pk))
        is_suppressed = not self.suppressed.isdisjoint(
            {(row.address.fingerprint, None), (row.address.fingerprint, newsletter.pk)}
        )
        if is_suppressed:
            became = SUPPRESSED_HERE
        elif row.state == columns.SUPPRESSED:
            became = self._suppress(row, newsletter)
        elif row.state == columns.UNSUBSCRIBED:
            became = self._end(row, newsletter, here)
        elif here is None or (here.state == State.PENDING and self._is_proved(row)):
            became = self._add(row, newsletter, here)
        else:
            became = ENDED_HERE if here.state == State.UNSUBSCRIBED else THERE
        self.counts[became] += 1

    def _is_proved(self, row: Row) -> bool:
        if row.state != columns.ACTIVE:
            return False
        carries_it = self.is_ours and row.confirmed_at is not None and bool(row.place or row.words)
        return bool(self.order.proof) or carries_it

    def _add(self, row: Row, newsletter: Newsletter, here: Subscription | None) -> str:
        is_active = self._is_proved(row)
        subscription = here or self._new(row, newsletter)
        subscription.state = State.ACTIVE if is_active else State.PENDING
        if is_active:
            subscription.requested_at = row.asked_at or row.confirmed_at or self.now
            subscription.confirmed_at = row.confirmed_at or self.now
        if here is not None:
            self._change(here)
        self._prove(subscription, newsletter, row, "" if is_active else "waits for confirmation")
        if not is_active and self.order.ask and not self.order.is_trial:
            self.wishes.append(self._wish(row, newsletter))
        return ADDED if is_active else WAITING

    def _end(self, row: Row, newsletter: Newsletter, here: Subscription | None) -> str:
        ended_at = row.ended_at or self.now
        if here is None:
            here = self._new(row, newsletter)
            here.requested_at = row.asked_at or row.confirmed_at or ended_at
            here.confirmed_at = row.confirmed_at
        elif here.state == State.UNSUBSCRIBED:
            return THERE
        elif row.ended_at and row.ended_at < (here.confirmed_at or here.requested_at):
            return THERE  # they have come back since
        else:
            self._change(here)
        here.state, here.ended_at = State.UNSUBSCRIBED, ended_at
        is_known = row.ended_why in Subscription.Reason.values
        here.reason = row.ended_why if is_known else Subscription.Reason.DESK
        self._prove(here, newsletter, row, "had ended it")
        return ENDED

    def _suppress(self, row: Row, newsletter: Newsletter) -> str:
        reason, _comma, here_only = row.suppressed.partition(", ")
        only = newsletter if here_only == columns.HERE_ONLY else None
        known = reason if reason in Suppression.Reason.values else Suppression.Reason.IMPORTED
        self.suppressed.add((row.address.fingerprint, only.pk if only else None))
        self.new_suppressions.append(
            Suppression(
                fingerprint=row.address.fingerprint,
                newsletter=only,
                reason=known,
                detail=self.order.place[:200],
            )
        )
        for (key, newsletter_id), here in self.there.items():
            concerned = only is None or newsletter_id == only.pk
            if key == row.address.key and concerned and here.state != State.UNSUBSCRIBED:
                here.state, here.ended_at = State.UNSUBSCRIBED, self.now
                here.reason = Subscription.Reason.DESK
                self._change(here)
                self._event(here, here.newsletter, Kind.ENDED, detail="suppressed by an import")
        return SUPPRESSED

    def _new(self, row: Row, newsletter: Newsletter) -> Subscription:
        key = row.address.key
        reader = self.readers.get(key)
        if reader is None:
            reader = self.readers[key] = self.new_readers[key] = Subscriber(
                email=row.address.written,
                email_ascii=row.address.ascii,
                email_key=key,
                language=(row.language or newsletter.language)[:10],
                paused_until=row.paused_until,
            )
        subscription = Subscription(
            newsletter=newsletter,
            subscriber=reader,
            source=row.source or "import",
            place=row.place or self.order.place[:500],
            requested_at=self.now,
        )
        self.new.append(subscription)
        self.there[key, newsletter.pk] = subscription
        return subscription

    def _change(self, subscription: Subscription) -> None:
        if subscription.pk and subscription not in self.changed:
            self.changed.append(subscription)

    def _prove(
        self, subscription: Subscription, newsletter: Newsletter, row: Row, detail: str
    ) -> None:
        """What the table says of the past as it was then, and that it was brought in, now."""
        words = words_kept(row.words)
        if self.is_ours and row.asked_at:
            self._event(subscription, newsletter, Kind.ASKED, row.asked_at, row.place, words)
        if self.is_ours and row.confirmed_at:
            self._event(subscription, newsletter, Kind.CONFIRMED, row.confirmed_at)
        said = detail or self.order.proof or "with the proof of an export"
        self._event(
            subscription,
            newsletter,
            Kind.IMPORTED,
            self.now,
            self.order.place,
            None if self.is_ours else words,
            said,
        )

    def _event(
        self,
        subscription: Subscription,
        newsletter: Newsletter,
        kind: ConsentEvent.Kind,
        at: datetime.datetime | None = None,
        place: str = "",
        words: ConsentWords | None = None,
        detail: str = "",
    ) -> None:
        reader = subscription.subscriber
        self.events.append(
            ConsentEvent(
                subscriber=reader,
                fingerprint=fingerprint(reader.email_key),
                newsletter=newsletter,
                kind=kind,
                at=at or self.now,
                place=place[:500],
                words=words,
                detail=detail[:200],
                by=self.order.by,
            )
        )

    def _wish(self, row: Row, newsletter: Newsletter) -> Wish:
        return Wish(
            email=row.address.written,
            email_ascii=row.address.ascii,
            email_key=row.address.key,
            newsletters=[newsletter.pk],
            language=newsletter.language,
            place=self.order.place[:500],
        )

    def write(self) -> None:
        Subscriber.objects.bulk_create(self.new_readers.values())
        Subscription.objects.bulk_create(self.new)
        Subscription.objects.bulk_update(
            self.changed, ["state", "requested_at", "confirmed_at", "ended_at", "reason"]
        )
        ConsentEvent.objects.bulk_create(self.events)
        Suppression.objects.bulk_create(self.new_suppressions)
        Wish.objects.bulk_create(self.wishes)
