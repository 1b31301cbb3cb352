"""Editions, as the sender knows them: what becomes of earlier messages is written down, and the
next ones are marked, in one transaction, before a byte of them leaves (``mail/sources.py``).

Several editions share each turn evenly. At their turn readers are looked at once more, so that who
has unsubscribed a second ago gets nothing. See docs/decisions/delivery.md for what is promised.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_noop

from nightdesk.mail import lease
from nightdesk.mail.counter import WINDOW
from nightdesk.mail.ports import Fate, Message, Outcome
from nightdesk.mail.sources import EDITION
from nightdesk.newsletters.addresses import fingerprints
from nightdesk.newsletters.delivery import actions, rows, trace, words
from nightdesk.newsletters.delivery.pace import Spread
from nightdesk.newsletters.delivery.preparing import prepare_in_background
from nightdesk.newsletters.delivery.rows import Due, Postponed, Sent, Settled
from nightdesk.newsletters.delivery.segments import Segments
from nightdesk.newsletters.models import CompiledEdition, Delivery, Edition
from nightdesk.newsletters.said import Said

log = logging.getLogger("nightdesk.newsletters.delivery")

State = Edition.State
Now = Delivery.State

#: Seconds until it is asked again whether another edition is to be prepared or sent.
_ASK_EVERY = 0.25
#: Waits before the second try, the third … as long as they sum to less than a day.
_FIRST_WAIT, _LONGEST_WAIT = 60, 4 * 3600
_WHOLE_DAY = 24 * 3600
#: As plain numbers: SQLite's module looks for a long time at how to write down any other.
_SENT, _UNCERTAIN = int(Now.SENT), int(Now.UNCERTAIN)


class Looked(NamedTuple):
    """Those of an edition who are next, and those who get nothing after all."""

    ready: list[Due]
    passed_over: list[Settled]


class Editions:
    """The source. It remembers nothing that cannot be lost: what is under way, the compiled pieces
    of the editions being sent, and how fast one is spread."""

    name = "editions"
    rank = EDITION

    def __init__(self, prepare: Callable[[int, int], None] | None = None) -> None:
        self._prepare = prepare or self._in_a_thread
        self._preparing: dict[int, threading.Thread] = {}
        self._under_way: dict[int, int] = {}
        self._segments: dict[int, Segments] = {}
        self._spreads: dict[int, Spread] = {}
        self._unbuilt: list[Outcome] = []
        self._tracing = trace.Tracing()
        self._turns = 0
        self._asked = 0.0

    def turn(self, outcomes: Sequence[Outcome], limit: int, epoch: int) -> list[Message]:
        told = [*outcomes, *self._unbuilt]
        sending = self._sending(epoch)
        if not told and not sending:
            return []
        self._compile(sending)
        room = min(limit, 2 * WINDOW - len(self._under_way) + len(told))
        now = timezone.now()
        # On SQLite everybody who writes waits for this transaction, so what only reads comes before.
        next_ones = self._look(room, epoch, now)
        of = self._edition_of(told)
        with transaction.atomic():
            lease.hold(epoch)
            editions = _lock({*of.values()}, epoch)
            self._write_down(told, of, editions, epoch, now)
            taken = self._take(next_ones, editions, epoch, now)
            still = {key: edition for key, edition in self._under_way.items() if key not in of}
            for edition in editions.values():
                if edition.pk not in still.values() and edition.pk not in taken:
                    _finish_if_done(edition)
        self._unbuilt = []
        self._under_way = still | {
            one.id: edition for edition, some in taken.items() for one in some
        }
        self._forget_all_but(editions)
        for outcome in told:
            if outcome.fate is Fate.SENT and outcome.key in of:
                self._tracing.note(of[outcome.key], outcome.key)
        return [
            message for edition, some in taken.items() for message in self._built(edition, some)
        ]

    def found_at_start(self, epoch: int) -> None:
        """What an earlier sender had under way is uncertain; an edition that should have gone on
        hours ago waits for an editor, because this may be a database put back from a backup."""
        self._under_way, self._unbuilt = {}, []
        with transaction.atomic():
            lease.hold(epoch)
            left = Delivery.objects.filter(state=Now.SENDING).values("edition")
            alive = [State.PREPARING, State.SENDING, State.PAUSED]
            mine = Edition.objects.select_for_update(no_key=True).filter(epoch__lt=epoch)
            found = {one.pk: one for one in mine.filter(state__in=alive)}
            found |= {one.pk: one for one in mine.filter(pk__in=left)}
            for edition in found.values():
                _take_over(edition.pk, epoch)
        for edition in found.values():
            if edition.state in (State.SENDING, State.PREPARING):
                _stop_if_long_ago(edition, timezone.now())
            if edition.state == State.SENDING:
                _stop_if_gone_back(edition)

    # What there is to do.

    def _sending(self, epoch: int) -> dict[int, int]:
        """Edition → version of those being sent. Asked without a transaction, and a few times a
        second: while one is sent there are hundreds of turns, and each looks at its state and
        version again (``_lock``)."""
        now = time.monotonic()
        if self._segments and now - self._asked < _ASK_EVERY:
            return {pk: segments.version for pk, segments in self._segments.items()}
        self._asked = now
        sending = {}
        for pk, state, of_epoch, version in rows.under_way():
            if state == State.SENDING:
                sending[pk] = version
            elif of_epoch <= epoch:
                self._prepare(pk, epoch)
        return sending

    def _compile(self, sending: dict[int, int]) -> None:
        """Before anybody is marked: what cannot be compiled must fail nobody."""
        for pk, version in sending.items():
            if not self._has(pk, version):
                try:
                    self._segments[pk] = _segments(pk)
                except Exception as error:
                    log.exception("Edition %s could not be compiled.", pk)
                    _stop(pk, error)

    def _has(self, edition: int, version: int) -> bool:
        segments = self._segments.get(edition)
        return segments is not None and segments.version == version

    def _in_a_thread(self, edition: int, epoch: int) -> None:
        """Beside the turns, so that another edition goes on meanwhile."""
        running = self._preparing.get(edition)
        if running is None or not running.is_alive():
            self._preparing = {
                pk: thread for pk, thread in self._preparing.items() if thread.is_alive()
            }
            thread = threading.Thread(
                target=prepare_in_background, args=(edition, epoch), daemon=True, name="preparing"
            )
            self._preparing[edition] = thread
            thread.start()

    # What became of earlier ones.

    def _edition_of(self, outcomes: Sequence[Outcome]) -> dict[int, int]:
        """Key → edition, of those outcomes that are about a row of ours."""
        known = {one.key: self._under_way.get(one.key) for one in outcomes}
        unknown = [key for key, edition in known.items() if edition is None]
        if unknown:
            found = Delivery.objects.filter(pk__in=unknown).values_list("pk", "edition_id")
            known |= dict(found)
        return {key: edition for key, edition in known.items() if edition is not None}

    def _write_down(
        self,
        outcomes: Sequence[Outcome],
        of: dict[int, int],
        editions: dict[int, Sent],
        epoch: int,
        now: datetime.datetime,
    ) -> None:
        by_edition: dict[int, list[Outcome]] = defaultdict(list)
        for outcome in outcomes:
            if outcome.key in of:
                by_edition[of[outcome.key]].append(outcome)
        for pk, some in by_edition.items():
            edition = editions.get(pk)
            if edition is None:  # another sender has it
                continue
            settled, postponed = _sorted(some, edition, now)
            rows.settle(pk, epoch, settled, now, was=Now.SENDING)
            rows.postpone(pk, epoch, postponed)

    # Whose turn it is.

    def _look(self, room: int, epoch: int, now: datetime.datetime) -> dict[int, Looked]:
        """Whose turn it is, and who of them gets nothing after all."""
        if room < 1 or not self._segments:
            return {}
        going = rows.being_sent(epoch)
        sending = [one for one in going if self._has(one.pk, one.version)]
        if len(sending) < len(going):  # begun, or changed, since we asked
            self._asked = 0.0
        self._turns += 1
        first = self._turns % len(sending) if sending else 0
        looked: dict[int, Looked] = {}
        for place, edition in enumerate([*sending[first:], *sending[:first]]):
            share = -(-room // (len(sending) - place))
            if edition.spread_minutes:
                share = self._spread(edition).allowed(share)
            found = rows.due(edition.pk, edition.newsletter, now, share) if share > 0 else []
            if not found:
                continue
            passed_over = list(_passed_over(found, edition.newsletter, now))
            over = {one.id for one in passed_over}
            ready = [one for one in found if one.id not in over] if over else found
            looked[edition.pk] = Looked(ready, passed_over)
            room -= len(ready)
        return looked

    def _take(
        self,
        looked: dict[int, Looked],
        editions: dict[int, Sent],
        epoch: int,
        now: datetime.datetime,
    ) -> dict[int, list[Due]]:
        """Mark them, of editions that are still being sent."""
        taken = {}
        for pk, (ready, passed_over) in looked.items():
            edition = editions.get(pk)
            if edition is None or edition.state != State.SENDING:
                continue
            if not self._has(pk, edition.version):
                continue
            rows.settle(pk, epoch, passed_over, now, was=Now.QUEUED)
            marked = rows.mark(pk, epoch, [one.id for one in ready]) if ready else set()
            if edition.spread_minutes:
                self._spread(edition).spend(len(marked))
            if marked:
                taken[pk] = [one for one in ready if one.id in marked]
        return taken

    def _spread(self, edition: Sent) -> Spread:
        spread = self._spreads.get(edition.pk)
        if spread is None:
            rate = (edition.total or 1) / (edition.spread_minutes * 60)
            spread = self._spreads[edition.pk] = Spread(rate, time.monotonic)
        return spread

    # Their messages, after the commit.

    def _built(self, edition: int, taken: list[Due]) -> Iterable[Message]:
        for one in taken:
            try:
                yield self._message(self._segments[edition], one)
            except ValueError as error:  # no mail can be made for this address
                log.warning("No mail of edition %s could be made for delivery %s.", edition, one.id)
                self._unbuilt.append(Outcome(one.id, Fate.REFUSED, 0, str(error)[:200]))
            except Exception as error:
                log.exception("Mail of edition %s could not be made.", edition)
                self._unbuilt.append(Outcome(one.id, Fate.LATER, concerns_all=True))
                _stop(edition, error)

    @staticmethod
    def _message(segments: Segments, one: Due) -> Message:
        # PostgreSQL gives a UUID, SQLite its digits.
        uid = bytes.fromhex(one.uid) if isinstance(one.uid, str) else one.uid.bytes
        return Message(
            key=one.id,
            mail_from=segments.mail_from(one.subscriber),
            rcpt_to=one.address,
            content=segments.content(one.subscriber, uid, one.address),
        )

    def _forget_all_but(self, editions: dict[int, Sent]) -> None:
        sending = {pk for pk, edition in editions.items() if edition.state == State.SENDING}
        self._segments = {pk: one for pk, one in self._segments.items() if pk in sending}
        self._spreads = {pk: one for pk, one in self._spreads.items() if pk in sending}


def _lock(concerned: set[int], epoch: int) -> dict[int, Sent]:
    """The editions that this turn is about, as they stay until it is committed; those that an
    earlier sender had are taken over, those of a later one left out."""
    editions = {}
    for edition in rows.lock(concerned, epoch):
        if edition.epoch < epoch:
            _take_over(edition.pk, epoch)
        editions[edition.pk] = edition
    return editions


def _take_over(edition: int, epoch: int) -> None:
    lost = rows.give_up_on(edition, words.STOPPED, timezone.now())
    Edition.objects.filter(pk=edition).update(epoch=epoch)
    if lost:
        log.warning(
            "Of edition %s %s messages were under way when the sender ended. Whether they arrived "
            "is not known; an editor can have them sent again.",
            edition,
            lost,
        )


def _sorted(
    outcomes: Iterable[Outcome], edition: Sent, now: datetime.datetime
) -> tuple[list[Settled], list[Postponed]]:
    """Those that are over, and those that are tried again."""
    settled, again = [], []
    for one in outcomes:
        if one.fate is Fate.SENT:
            settled.append(Settled(one.key, _SENT, one.code, one.text[:200]))
        elif one.fate is Fate.UNCERTAIN:
            settled.append(Settled(one.key, _UNCERTAIN, one.code, one.text[:200]))
        elif edition.state == State.CANCELLED:
            settled.append(Settled(one.key, Now.SKIPPED, one.code, words.CANCELLED))
        elif one.concerns_all:
            # Nothing that was said is about this reader.
            again.append(Postponed(one.key, one.code, one.text[:200], None))
        elif one.fate is Fate.REFUSED:
            settled.append(Settled(one.key, Now.FAILED, one.code, one.text[:200]))
        else:
            again.append(Postponed(one.key, one.code, one.text[:200], now))
    if not again:
        return settled, []
    tries = rows.attempts([one.id for one in again if one.until])
    postponed = []
    for one in again:
        wait = next_wait(tries.get(one.id, 0)) if one.until else None
        if one.until and wait is None:
            settled.append(Settled(one.id, Now.FAILED, one.code, one.reply))
        elif wait is not None:
            postponed.append(one._replace(until=now + datetime.timedelta(seconds=wait)))
        else:
            postponed.append(one)
    return settled, postponed


def next_wait(tries: int) -> int | None:
    """Seconds until the next try after so many that failed before this one; None: a day is over."""
    waits = [min(_FIRST_WAIT * 4**number, _LONGEST_WAIT) for number in range(tries + 1)]
    return waits[-1] if sum(waits) <= _WHOLE_DAY else None


def _passed_over(
    found: Iterable[Due], newsletter: int, now: datetime.datetime
) -> Iterable[Settled]:
    """Who gets nothing after all, and why."""
    found, mark = list(found), fingerprints()
    marks = {one.id: mark(one.key) for one in found if one.key}
    barred = rows.barred(newsletter, list(marks.values()))
    for one in found:
        why = ""
        if not one.address or one.erased_at is not None:
            why = words.ERASED
        elif one.subscription is None:
            why = words.UNSUBSCRIBED
        elif marks.get(one.id) in barred:
            why = words.SUPPRESSED
        elif one.paused_until is not None and _as_moment(one.paused_until) > now:
            why = words.PAUSED
        if why:
            yield Settled(one.id, Now.SKIPPED, 0, why)


def _as_moment(value: datetime.datetime | str) -> datetime.datetime:
    """SQLite gives text, in UTC."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)


def _segments(edition: int) -> Segments:
    compiled = CompiledEdition.objects.select_related("edition__newsletter__locale")
    return Segments(compiled.filter(edition=edition).latest("version"))


def _stop(edition: int, error: Exception) -> None:
    """Nobody gets it, and nobody is given up: whoever runs the server has to look."""
    why = Said(
        gettext_noop(
            "Its mails could not be made (%(error)s). Nothing is lost: show this to whoever runs "
            "this server, and go on afterwards."
        ),
        error=error,
    )
    actions.pause(Edition.objects.get(pk=edition), why)


def _finish_if_done(sent: Sent) -> None:
    """Over when nobody waits and nobody is under way, and everybody is accounted for."""
    if sent.state != State.SENDING or rows.any_under_way(sent.pk):
        return
    edition = Edition.objects.get(pk=sent.pk)
    counted = actions.totals(edition)
    if counted.adds_up:
        actions.finish(edition)
        return
    log.error("Edition %s: %s recipients, %s accounted for.", edition.pk, counted.snapshot, counted)
    why = Said(
        gettext_noop(
            "It was for %(snapshot)s readers, and %(counted)s are accounted for. Rows are "
            "missing from the database: ask whoever runs this server what happened to it."
        ),
        snapshot=counted.snapshot,
        counted=counted.counted,
    )
    actions.pause(edition, why)


def _stop_if_long_ago(edition: Edition, now: datetime.datetime) -> None:
    deliveries = Delivery.objects.filter(edition=edition)
    settled = deliveries.filter(settled_at__isnull=False).aggregate(at=Max("settled_at"))["at"]
    due = deliveries.filter(state=Now.QUEUED).aggregate(at=Min("not_before"))["at"]
    last = max(at for at in (edition.changed_at, settled, due) if at is not None)
    if now - last <= actions.LATEST:
        return
    _stop_at(edition, last)


def _stop_if_gone_back(edition: Edition) -> None:
    """The data folder knows of one whose relay had taken it, and here the same still waits."""
    left = trace.of(edition.pk)
    if left is None or left.at <= edition.created_at:
        return
    row = Delivery.objects.filter(edition=edition, pk=left.last).values_list("state", flat=True)
    if row.first() in (None, Now.QUEUED):
        _stop_at(edition, left.at)


def _stop_at(edition: Edition, last: datetime.datetime) -> None:
    why = Said(
        gettext_noop(
            "Its sending stopped at %(last)s. If the database was put back from a backup since, "
            "those who still wait here may have got it already. Go on, or cancel the rest."
        ),
        last=(last, edition.newsletter.zone),
    )
    actions.pause(edition, why)


EDITIONS = Editions()
