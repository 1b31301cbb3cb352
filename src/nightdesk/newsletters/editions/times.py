"""When an edition is sent and when it has arrived: on the newsletter's clock, in plain words."""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ModelLogEntry

from nightdesk.newsletters.models import Delivery, Edition, EditionRecord

#: From so many readers on it is offered to send evenly over some time, or all of them come at once.
MANY = 50_000
#: Minutes offered then.
EVENLY = 30
#: Starts earlier than the sum says: the first connection, retries, readers who subscribe meanwhile.
_MARGIN, _SPARE = datetime.timedelta(minutes=1), 1.1
#: Nobody plans an edition further ahead: it is a slip in the year, and would never be sent.
_FURTHEST = datetime.timedelta(days=366)
#: An edition to fewer says nothing of the relay's speed.
_ENOUGH = 200
#: Verbs of `delivery.actions`, which knows this room and is not known to it.
INTERRUPTED = ("newsletters.pause", "newsletters.send_again")


class WrongTimeError(ValueError):
    """That time cannot be; the message says why and what to do."""


@dataclass(frozen=True)
class Pace:
    """Messages a second; ``set`` by the newsroom, or seen at its last editions. 0: not known."""

    a_second: float = 0.0
    is_set: bool = False

    def takes(self, readers: int, spread_minutes: int = 0) -> datetime.timedelta | None:
        """How long; None when nobody knows."""
        spread = datetime.timedelta(minutes=spread_minutes)
        if not self.a_second:
            return spread or None
        return max(spread, datetime.timedelta(seconds=readers / self.a_second))


def pace() -> Pace:
    """What the relay allows; without that, how fast the last large edition went in one go: a night
    for which one was paused says nothing of the relay."""
    allowed = float(settings.NIGHTDESK["NIGHTDESK_MAIL_RATE"])
    if allowed:
        return Pace(allowed, is_set=True)
    done = Edition.objects.filter(
        Q(spread_minutes=0), state=Edition.State.FINISHED, total__gte=_ENOUGH
    ).order_by("-finished_at")
    done = done.exclude(started_at=None).exclude(finished_at=None).exclude(_interrupted())
    for edition in done[:1]:
        record = EditionRecord.objects.filter(edition=edition).first()
        rows = Delivery.objects.filter(edition=edition, state=Delivery.State.SENT)
        sent = record.sent if record else rows.count()
        seconds = (edition.finished_at - edition.started_at).total_seconds()
        if sent >= _ENOUGH and seconds > 0:
            return Pace(sent / seconds)
    return Pace()


def _interrupted() -> Exists:
    """That it was paused, or sent again to some later: the log says so."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Edition),
        object_id=Cast(OuterRef("pk"), CharField()),
        action__in=INTERRUPTED,
    )
    return Exists(entries)


def moment(
    day: datetime.date, clock: datetime.time, zone: zoneinfo.ZoneInfo, now: datetime.datetime
) -> datetime.datetime:
    """The moment at which that newsletter's clock shows this. Where it shows it twice, in the night
    in which summer ends, the first. Raises ``WrongTimeError``."""
    local = datetime.datetime.combine(day, clock, zone)
    # Years at either end of what there is have no moment elsewhere in the world.
    if day - now.date() > _FURTHEST:
        raise WrongTimeError(
            _("%(day)s is more than a year away. Look at the year.") % {"day": _day(day)}
        )
    if now.date() - day > _FURTHEST:
        raise WrongTimeError(_passed(local, zone, now))
    there = local.astimezone(datetime.UTC).astimezone(zone)
    if (there.date(), there.time()) != (day, clock):
        raise WrongTimeError(
            _(
                "There is no %(clock)s on %(day)s in %(place)s: that night the clocks go forward. "
                "Choose a time before or after."
            )
            % {"clock": shown(clock), "day": _day(day), "place": place(zone)}
        )
    if local <= now:
        raise WrongTimeError(_passed(local, zone, now))
    return local.astimezone(datetime.UTC)


def _passed(local: datetime.datetime, zone: zoneinfo.ZoneInfo, now: datetime.datetime) -> str:
    return _("%(when)s has passed: it is %(now)s in %(place)s now. Choose a later time.") % {
        "when": in_words(local, zone, now),
        "now": shown(now.astimezone(zone).time()),
        "place": place(zone),
    }


def at_or_after(
    day: datetime.date, clock: datetime.time, zone: zoneinfo.ZoneInfo
) -> datetime.datetime:
    """For what repeats: the same, and where that time does not exist the moment at which the clock
    has just passed it."""
    local = datetime.datetime.combine(day, clock, zone)
    return local.astimezone(datetime.UTC)


def start_now_known(
    edition: Edition, readers: int, how_fast: Pace, now: datetime.datetime
) -> datetime.datetime | None:
    """When one that was promised for a time must begin, by what is known now: more readers since
    then, a slower relay. At once when it is late; None when nobody can say better than before."""
    takes = how_fast.takes(readers, edition.spread_minutes)
    if takes is None or edition.arrive_by is None:
        return None
    return max(now, _start(edition.arrive_by, takes))


def start_to_arrive(
    arrive_by: datetime.datetime,
    readers: int,
    how_fast: Pace,
    zone: zoneinfo.ZoneInfo,
    now: datetime.datetime,
) -> datetime.datetime:
    """When sending must begin for all to have it by then. Raises ``WrongTimeError``."""
    takes = how_fast.takes(readers)
    if takes is None:
        raise WrongTimeError(
            _(
                "How fast your relay takes mail is not known yet, so nobody can say when to begin. "
                "Choose the time at which sending begins, or have NIGHTDESK_MAIL_RATE set to what "
                "the relay allows."
            )
        )
    start = _start(arrive_by, takes)
    if start <= now:
        raise WrongTimeError(
            _(
                "To be there by %(by)s it would have had to start at %(start)s, and it is %(now)s. "
                "It can be there by %(soonest)s."
            )
            % {
                "by": in_words(arrive_by, zone, now),
                "start": in_words(start, zone, now),
                "now": in_words(now, zone, now),
                "soonest": in_words(now + takes * _SPARE + 3 * _MARGIN, zone, now),
            }
        )
    return start


def _start(arrive_by: datetime.datetime, takes: datetime.timedelta) -> datetime.datetime:
    return arrive_by - takes * _SPARE - _MARGIN


def question(edition: Edition, readers: int, now: datetime.datetime) -> str:
    """“Send “…” to 12,431 readers now? At your relay's 14 a second it ends at 7:15.”"""
    return f"{_ask(edition, readers)} {ends(edition, readers, now)}".strip()


def _ask(edition: Edition, readers: int) -> str:
    return ngettext(
        "Send “%(subject)s” to %(readers)s reader now?",
        "Send “%(subject)s” to %(readers)s readers now?",
        readers,
    ) % {"subject": edition.subject, "readers": number(readers)}


def ends(edition: Edition, readers: int, start: datetime.datetime, spread: int = 0) -> str:
    """When the last reader has it, as far as anybody can know."""
    how_fast, zone = pace(), edition.newsletter.zone
    takes = how_fast.takes(readers, spread)
    if takes is None:
        return _("How fast your relay takes them is not known yet; the page that follows counts.")
    end = in_words(start + takes, zone, start)
    if spread and takes <= datetime.timedelta(minutes=spread):
        return _("Spread over %(minutes)s minutes, it ends at %(end)s.") % {
            "minutes": number(spread),
            "end": end,
        }
    words = {"pace": _number(how_fast.a_second), "end": end}
    if how_fast.is_set:
        return _("At your relay's %(pace)s a second it ends at %(end)s.") % words
    return _("At the pace of your last edition, %(pace)s a second, it ends at %(end)s.") % words


def in_words(
    when: datetime.datetime, zone: zoneinfo.ZoneInfo, now: datetime.datetime | None = None
) -> str:
    """“7:15” today, “7:15 on 29 November” on another day; with the place when the newsletter's
    clock is not the newsroom's."""
    now = now or timezone.now()
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    said = shown(local.time())
    if local.date() != today:
        said = _("%(clock)s on %(day)s") % {"clock": said, "day": _day(local.date(), today)}
    if zone.key != settings.TIME_ZONE:
        said = f"{said} ({place(zone)})"
    return said


def shown(clock: datetime.time) -> str:
    return f"{clock.hour}:{clock.minute:02}"


def place(zone: zoneinfo.ZoneInfo) -> str:
    """``Europe/Kyiv`` → ``Kyiv``."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def number(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)


def _number(pace: float) -> str:
    return number(round(pace)) if pace >= 10 else f"{pace:.1f}".removesuffix(".0")


def _day(day: datetime.date, today: datetime.date | None = None) -> str:
    return date_format(day, "j E" if today and today.year == day.year else "j E Y")
