"""Dates and times as newsrooms write them: "8 March 2023, 16:16", "8 березня 2023", "3/8/2023".

Only complete dates count (day, month, year), so that "on March 8" in a sentence is never taken for
the day of publication. A zone is kept only when it is written; nothing is guessed here.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan січня січень січ января янв januar janvier enero stycznia",
            "february feb лютого лютий лют февраля фев februar février febrero lutego",
            "march mar березня березень бер марта мар märz mars marzo marca",
            "april apr квітня квітень квіт апреля апр avril abril kwietnia",
            "may травня травень трав мая май mai mayo maja",
            "june jun червня червень черв июня juni juin junio czerwca",
            "july jul липня липень лип июля juli juillet julio lipca",
            "august aug серпня серпень серп августа авг août agosto sierpnia",
            "september sept sep вересня вересень вер сентября сен septembre septiembre września",
            "october oct жовтня жовтень жовт октября окт oktober octobre octubre października",
            "november nov листопада листопад лист ноября ноя novembre noviembre listopada",
            "december dec грудня грудень груд декабря дек dezember décembre diciembre grudnia",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<monthnumber>\d{2})-(?P<day>\d{2})",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?{_MONTH},?\s+"
        r"(?:de\s+|del\s+)?(?P<year>\d{4})\b(?:\s*(?:року|рік|р\.|г\.|года))?",
        r"\b(?P<day>\d{1,2})\.(?P<monthnumber>\d{1,2})\.(?P<year>\d{4})\b",
        r"\b(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})\b",
    )
]
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|понеділок|вівторок|середа|четвер|п[’'ʼ]ятниця|субота|неділя)\b[,.]?\s*$",
    re.IGNORECASE,
)
_TIME = (
    r"(?:(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
    r"|(?:\.(?P<minute2>[0-5]\d))?\s*(?P<half2>[ap])\.?\s?m\b\.?))"
)
# Fixed offsets in hours. Names that mean different things in different countries (IST, CST, BST
# outside Britain) are left out on purpose: an unknown zone is "not given", and the import says so.
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "edt": -4, "est": -5, "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
    "et": "America/New_York", "kyiv time": "Europe/Kyiv", "kiev time": "Europe/Kyiv",
    "за києвом": "Europe/Kyiv", "київський час": "Europe/Kyiv", "за київським часом": "Europe/Kyiv",
    "london time": "Europe/London", "moscow time": "Europe/Moscow",
}  # fmt: skip
_ZONE = (
    r"(?:\s*\(?(?P<zone>(?:utc|gmt)?\s?(?P<sign>[+\-−])(?P<offset>\d{1,2}(?::?\d{2})?)\b|"
    + "|".join(sorted(map(re.escape, _ZONES), key=len, reverse=True))
    + r")(?!\w)\)?)?"
)
_BETWEEN = r"[\s,·|•–—-]*(?:T|at|um|à|a las|о|об|в|у)?\s*"
_TIME_AFTER = re.compile(_BETWEEN + _TIME + _ZONE, re.IGNORECASE)
_TIME_BEFORE = re.compile(r"\b" + _TIME + _ZONE + r"[\s,·|•–—-]*(?:on\s+)?$", re.IGNORECASE)
_TIME_ALONE = re.compile(r"\b" + _TIME + _ZONE, re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """A date, with its time when there is one. `start:end` is where it stands in the line."""

    when: datetime | date
    start: int
    end: int
    is_ambiguous: bool = False

    @property
    def has_time(self) -> bool:
        return isinstance(self.when, datetime)

    @property
    def zone_given(self) -> bool:
        return isinstance(self.when, datetime) and self.when.tzinfo is not None


def find_moments(line: str) -> list[Moment]:
    """Every complete date of a line, with the time written beside it, in their order."""
    found: list[Moment] = []
    for pattern in _DATES:
        for match in pattern.finditer(line):
            moment = _moment(line, match)
            if moment and not any(m.start < moment.end and moment.start < m.end for m in found):
                found.append(moment)
    return sorted(found, key=lambda moment: moment.start)


def find_time(text: str) -> time | None:
    """The first time of day in a text that has no date: the "17:02" of "Updated 17:02"."""
    match = _TIME_ALONE.search(text)
    return _time(match) if match else None


def is_only_a_time(line: str) -> bool:
    """True for "12:59 AM" and "16:40": the time stamps of news feeds."""
    match = _TIME_ALONE.match(line.strip())
    return bool(match) and match.end() == len(line.strip())


def read_iso(value: str) -> datetime | date | None:
    """A machine-written date ("2023-03-08T16:16:00+02:00", RFC 2822 too), or None.

    A bare day comes back as a date, a time without zone as a naive datetime.
    """
    value = value.strip()
    try:
        return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    except ValueError:
        moments = find_moments(value)
        return moments[0].when if moments else None


def _moment(line: str, match: re.Match) -> Moment | None:
    day, is_ambiguous = _day(match)
    if day is None:
        return None
    start, end = match.span()
    if weekday := _WEEKDAY.search(line[:start]):
        start = weekday.start()
    beside = _TIME_AFTER.match(line, end)
    if beside:
        end = beside.end()
    elif beside := _TIME_BEFORE.search(line[:start]):
        start = beside.start()
    clock = _time(beside) if beside else None
    when = datetime.combine(day, clock) if clock else day
    if isinstance(when, datetime) and beside and (zone := _zone(beside)):
        when = when.replace(tzinfo=zone)
    return Moment(when, start, end, is_ambiguous)


def _day(match: re.Match) -> tuple[date | None, bool]:
    """The day, and whether day and month could be the other way round (3/8/2023)."""
    fields = match.groupdict()
    is_ambiguous = False
    if "first" in fields:
        first, second = int(fields["first"]), int(fields["second"])
        is_ambiguous = first <= 12 and second <= 12 and first != second
        day, month = (second, first) if second > 12 else (first, second)
    else:
        day = int(fields["day"])
        month = int(fields.get("monthnumber") or 0) or _MONTHS[fields["month"].casefold()]
    try:
        return date(int(fields["year"]), month, day), is_ambiguous
    except ValueError:
        return None, False


def _time(match: re.Match) -> time | None:
    hour = int(match["hour"])
    half = (match["half"] or match["half2"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["minute"] or match["minute2"] or 0))


def _zone(match: re.Match) -> tzinfo | None:
    if not match["zone"]:
        return None
    if match["offset"]:
        digits = match["offset"].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        try:
            return timezone(-offset if match["sign"] in "-−" else offset)
        except ValueError:
            return None
    known = _ZONES[match["zone"].casefold()]
    return ZoneInfo(known) if isinstance(known, str) else timezone(timedelta(hours=known))
