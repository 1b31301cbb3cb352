"""Readers see date, time and whose time it is, in their own language's way."""

from __future__ import annotations

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from nightdesk.theme import dates

KYIV_AFTERNOON = datetime.datetime(2023, 3, 8, 14, 16, tzinfo=datetime.UTC)


def _moment(style: str) -> str:
    template = Template(f'{{% load theme %}}{{% moment when "{style}" %}}')
    return template.render(Context({"when": KYIV_AFTERNOON}))


def test_a_story_says_date_time_and_zone():
    assert _moment("full") == (
        '<time datetime="2023-03-08T16:16:00+02:00">March 8, 2023 4:16 PM EET</time>'
    )


def test_ukrainian_readers_get_their_own_order_and_24_hours():
    with translation.override("uk"):
        assert ">8 березня 2023 16:16 EET<" in _moment("full")
        assert dates.day(KYIV_AFTERNOON) == "Середа, 8 березня 2023"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Dubai", "UTC+4"), ("Asia/Kolkata", "IST"), ("Asia/Kathmandu", "UTC+5:45")],
)
def test_a_zone_without_a_name_is_told_by_its_distance(zone, shown):
    with timezone.override(zone):
        assert dates.zone(KYIV_AFTERNOON) == shown


@pytest.mark.parametrize("language", ["ar", "de", "fa", "ka", "pl"])
def test_every_language_has_a_date_and_a_time(language):
    with translation.override(language):
        assert "2023" in dates.date(KYIV_AFTERNOON)
        assert "16" in dates.time(KYIV_AFTERNOON)


def test_what_has_no_moment_shows_none():
    assert Template("{% load theme %}{% moment nothing %}").render(Context({"nothing": None})) == ""
