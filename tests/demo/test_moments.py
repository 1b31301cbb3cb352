"""Days named in demo texts are the right days, whenever and wherever the demo is opened."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from nightdesk.demo.moments import keep_dates, say_kept_dates, set_dates

KYIV = ZoneInfo("Europe/Kyiv")
WEDNESDAY = datetime.datetime(2026, 3, 11, 15, 7, tzinfo=KYIV)


@pytest.mark.parametrize(
    ("token", "english", "ukrainian"),
    [
        ("{day}", "Wednesday", "у середу"),
        ("{day-1}", "Tuesday", "у вівторок"),
        ("{day+3}", "Saturday", "у суботу"),
        ("{date+21}", "April 1", "1 квітня"),
        ("{year-3}", "2023", "2023"),
        ("{moment-95}", "1:30 p.m. on Wednesday", "о 13:30 у середу"),
        ("{moment-240}", "11:05 a.m. on Wednesday", "об 11:05 у середу"),
        ("{moment-907}", "12:00 a.m. on Wednesday", "о 0:00 у середу"),
        ("{moment-910}", "11:55 p.m. on Tuesday", "о 23:55 у вівторок"),
        ("{Day+2}", "Friday", "У п’ятницю"),
    ],
)
def test_a_token_says_what_a_reporter_would_write(token, english, ukrainian):
    assert set_dates(token, WEDNESDAY, "en") == english
    assert set_dates(token, WEDNESDAY, "uk") == ukrainian


def test_words_left_open_are_said_later_by_the_newsrooms_own_clock():
    kept = keep_dates("on {day}, {date+1}", WEDNESDAY, "en")
    assert "{day@" in kept
    assert say_kept_dates(kept, KYIV) == "on Wednesday, March 12"
    assert say_kept_dates(kept, ZoneInfo("Pacific/Auckland")) == "on Thursday, March 13"


def test_other_braces_stay_as_they_are():
    assert set_dates("{days} {day*} {}", WEDNESDAY, "en") == "{days} {day*} {}"
