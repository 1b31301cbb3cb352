"""The archive: every story can be found by its month and day, on the newsroom's clock."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from tests.making import a_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]

UTC = datetime.UTC


def at(*when: int) -> datetime.datetime:
    return datetime.datetime(*when, tzinfo=UTC)


def test_a_story_from_the_last_night_of_a_month_stands_in_the_month_of_the_newsroom(
    client, section
):
    # 22:30 in London is half past midnight in Kyiv, where the newsroom is.
    a_story(section, "Half past midnight", at=at(2026, 1, 31, 22, 30))
    assert b"Half past midnight" in client.get("/archive/2026/02/").content
    assert client.get("/archive/2026/01/").status_code == 404


def test_a_month_is_parted_into_days_newest_first(client, section):
    for day in (3, 3, 17):
        a_story(section, at=at(2026, 3, day, 9))
    days = client.get("/archive/2026/03/").context["days"]
    assert [(day.day, len(stories)) for day, stories in days] == [(17, 1), (3, 2)]


def test_the_index_lists_only_months_that_have_a_story(client, section):
    for month in (2, 11):
        a_story(section, at=at(2025, month, 5))
    a_story(section, at=at(2023, 7, 5))
    a_story(section, live=False)
    years = client.get("/archive/").context["years"]
    assert [(year, [m.number for m in months]) for year, months in years] == [
        (2025, [2, 11]),
        (2023, [7]),
    ]


def test_every_month_leads_to_its_neighbours_over_the_gaps(client, section):
    for year, month in ((2021, 5), (2023, 12), (2024, 1)):
        a_story(section, at=at(year, month, 5))
    middle = client.get("/archive/2023/12/").context
    assert middle["earlier"].url == "/archive/2021/05/"
    assert middle["later"].url == "/archive/2024/01/"
    assert client.get("/archive/2021/05/").context["earlier"] is None
    assert client.get("/archive/2024/01/").context["later"] is None


def test_a_long_month_goes_on_at_an_address_that_stays(client, section):
    for hour in range(90):
        a_story(section, at=at(2026, 3, 2) + datetime.timedelta(hours=hour))
    first = client.get("/archive/2026/03/").context
    older = client.get(first["older_url"]).context
    a_story(section, "Breaking", at=at(2026, 3, 30))
    again = client.get(first["older_url"]).context
    assert older["stories"] == again["stories"]
    seen = first["stories"] + older["stories"]
    assert len(seen) == len(set(seen))


def test_each_language_has_its_own_archive(client, newsroom, section):
    a_story(section, "In English", at=at(2026, 3, 2))
    assert client.get("/archive/2026/03/").status_code == 200
    assert client.get("/uk/archive/2026/03/").status_code == 404
    assert client.get("/uk/archive/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/archive/2026/13/",
        "/archive/2026/00/",
        "/archive/0000/01/",
        "/archive/9999/12/",
        "/archive/26/1/",
        "/archive/٢٠٢٦/٠٣/",
        "/archive/2026/03/before/999999999999999999/",
        "/archive/2026/03/before/0/",
        "/archive/2026/",
    ],
)
def test_months_that_cannot_be_are_not_found(client, section, address):
    a_story(section, at=at(2026, 3, 2))
    assert client.get(address).status_code == 404


def test_the_ends_of_time_break_nothing(client, newsroom):
    for year in (1000, 1999, 2999):
        assert client.get(f"/archive/{year}/12/").status_code == 404


def test_the_address_is_made_in_one_place():
    assert reverse("archive_month", kwargs={"year": "2026", "month": "03"}) == "/archive/2026/03/"
