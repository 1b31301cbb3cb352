"""Dates in demo texts that move with the day on which the demo is opened.

A story says `{day-1}` where a reporter writes "Tuesday"; the reader of the script puts in the
day before the story's own publication. So the demo is as fresh a year from now as today.

    {day}, {day-1}, {day+3}   Tuesday           у вівторок      (days from publication)
    {date+12}                 March 20          20 березня
    {year-3}                  2023              2023
    {moment-95}               3:40 a.m. on Tuesday   о 3:40 у вівторок   (minutes from publication)

In Ukrainian a capital (`{Day}`) starts a sentence. Minutes are rounded down to five.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

TOKEN = re.compile(r"\{(day|Day|date|year|moment|Moment)([+-]\d+)?\}")

DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "uk": [
        "у понеділок",
        "у вівторок",
        "у середу",
        "у четвер",
        "у п’ятницю",
        "у суботу",
        "у неділю",
    ],
}
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "uk": [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
}


#: A token whose day is settled and whose words are not: see `keep_dates`.
KEPT = re.compile(r"\{(day|Day|date|year|moment|Moment)([+-]\d+)?@([-\dT:]{19})@(\w\w)\}")


def keep_dates(text: str, published: datetime, language: str) -> str:
    """Leave the words open but say from when they count: `{day-1@2026-11-22T09:00:00@en}`, UTC.

    For the ready-made demo database: when it is planted, that moment is moved first.
    """
    moment = published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return TOKEN.sub(lambda match: f"{match[0][:-1]}@{moment}@{language}}}", text)


def say_kept_dates(text: str, zone: tzinfo) -> str:
    """Put the words in the place of every kept token, by the newsroom's clock."""

    def words(match: re.Match[str]) -> str:
        name, offset, moment, language = match.groups()
        published = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone)
        return set_dates(f"{{{name}{offset or ''}}}", published, language)

    return KEPT.sub(words, text)


def set_dates(text: str, published: datetime, language: str) -> str:
    """Replace every token of `text`, counted from `published` (in the newsroom's time zone)."""

    def words(match: re.Match[str]) -> str:
        name, offset = match[1], int(match[2] or 0)
        said = SAY[name.lower()](published, offset, language)
        return said[0].upper() + said[1:] if name[0].isupper() else said

    return TOKEN.sub(words, text)


def _day(published: datetime, offset: int, language: str) -> str:
    return DAYS[language][(published + timedelta(days=offset)).weekday()]


def _date(published: datetime, offset: int, language: str) -> str:
    then = published + timedelta(days=offset)
    month = MONTHS[language][then.month - 1]
    return f"{then.day} {month}" if language == "uk" else f"{month} {then.day}"


def _year(published: datetime, offset: int, language: str) -> str:
    return str(published.year + offset)


def _moment(published: datetime, offset: int, language: str) -> str:
    then = published + timedelta(minutes=offset)
    minute = then.minute - then.minute % 5
    day = DAYS[language][then.weekday()]
    if language == "uk":
        return f"{'об' if then.hour == 11 else 'о'} {then.hour}:{minute:02} {day}"
    return f"{then.hour % 12 or 12}:{minute:02} {'a.m.' if then.hour < 12 else 'p.m.'} on {day}"


SAY: dict[str, Callable[[datetime, int, str], str]] = {
    "day": _day,
    "date": _date,
    "year": _year,
    "moment": _moment,
}
