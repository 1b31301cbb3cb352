"""How a moment reads in each language: date, time, and always whose time it is."""

from __future__ import annotations

import datetime
import re

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.translation import get_language

#: Date, short date, day heading, time, as Django date formats. Other languages take Django's own.
FORMATS = {
    "en": ("F j, Y", "M j, Y", "l, F j, Y", "g:i A"),
    "uk": ("j E Y", "j E Y", "l, j E Y", "H:i"),
    "ar": ("j F Y", "j F Y", "l j F Y", "g:i A"),
}
_BARE_OFFSET = re.compile(r"[+-]\d{2}(?:\d{2})?")


def _formats() -> tuple[str, str, str, str]:
    language = (get_language() or "en").partition("-")[0]
    if language in FORMATS:
        return FORMATS[language]
    date, time = get_format("DATE_FORMAT"), get_format("TIME_FORMAT")
    return date, date, f"l, {date}", time


def date(moment: datetime.datetime) -> str:
    """March 8, 2023"""
    return format_date(timezone.localtime(moment), _formats()[0])


def short_date(moment: datetime.datetime) -> str:
    """Mar 8, 2023"""
    return format_date(timezone.localtime(moment), _formats()[1])


def day(moment: datetime.datetime | datetime.date) -> str:
    """Wednesday, March 8, 2023, with a capital where it stands alone as a heading."""
    local = timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment
    text = format_date(local, _formats()[2])
    return text[:1].upper() + text[1:]


def time(moment: datetime.datetime) -> str:
    """4:16 PM"""
    return format_date(timezone.localtime(moment), _formats()[3])


def zone(moment: datetime.datetime) -> str:
    """EET; for zones without a name of their own UTC+4 or UTC+05:30."""
    name = timezone.localtime(moment).tzname() or ""
    if not _BARE_OFFSET.fullmatch(name):
        return name
    hours, minutes = name[:3].replace("+0", "+").replace("-0", "-"), name[3:]
    return f"UTC{hours}:{minutes}" if minutes else f"UTC{hours}"
