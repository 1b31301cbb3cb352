"""Why an edition is held is read in the language of whoever reads it, whoever caused it."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from nightdesk.newsletters import said
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.editions import digests, holding
from nightdesk.newsletters.models import DigestRun
from nightdesk.newsletters.said import Said
from nightdesk.people.roles import PRODUCER
from nightdesk.press import alarms
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_story
from tests.newsletters.composing import a_newsletter, an_edition

KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")
AT = datetime.datetime(2027, 3, 28, 4, tzinfo=datetime.UTC)
DOWN = Said("“%(title)s” was taken down.", title="Міст 100 %")


def test_what_is_kept_is_read_in_any_language():
    text = said.kept([DOWN, Said("There is nothing in it.")])
    assert said.read(text) == "“Міст 100 %” was taken down. There is nothing in it."
    with translation.override("uk"):
        assert said.read(text) == "«Міст 100 %» вилучено. У ньому нічого немає."


def test_numbers_and_moments_are_said_as_that_language_says_them():
    text = said.kept(
        Said(
            *("Skipped: %(count)s new story since %(when)s, and it takes %(least)s.",),
            "Skipped: %(count)s new stories since %(when)s, and it takes %(least)s.",
            count=1,
            least=2000,
            when=(AT, KYIV),
        )
    )
    assert said.read(text).startswith("Skipped: 1 new story since 7:00 on 28 March 2027")
    assert "it takes 2,000." in said.read(text)
    with translation.override("uk"):
        assert "1 новий матеріал" in said.read(text) and "28 березня 2027" in said.read(text)


@pytest.mark.parametrize(
    "before",
    ["", "It is hours late.", "«Міст» вилучено.", "[[“Bridge” was taken down.", '[["x", 3]]'],
)
def test_what_was_kept_as_a_sentence_stays_readable(before):
    assert said.kept(before) == before
    assert said.read(before) == before


def test_values_that_do_not_fit_spoil_no_page():
    assert said.read(said.kept(Said("%(count)s of %(sent)s", count=1))) == "%(count)s of %(sent)s"


def test_the_longest_reason_to_skip_fits_its_column():
    zone = zoneinfo.ZoneInfo("America/Argentina/ComodRivadavia")
    from nightdesk.newsletters.editions.digests import _TOO_FEW

    text = said.kept(Said(*_TOO_FEW, count=49, least=50, when=(timezone.now(), zone)))
    assert len(text) <= DigestRun._meta.get_field("said").max_length


@pytest.mark.django_db
def test_taken_down_in_one_language_it_is_read_in_another(
    newsroom, section, signed_in, tmp_path, settings
):
    settings.DATA = tmp_path
    story = a_story(section, "Bridge closed")
    edition = an_edition(a_newsletter(newsroom.locale), ("story", story), state="preparing")
    with translation.override("uk"):
        takedown.take_down(kinds.named("story"), story, reason="x")
    desk = signed_in(PRODUCER)
    address = reverse("edition", args=[edition.pk])
    edition.refresh_from_db()
    assert edition.state == "held"
    assert "“Bridge closed” was taken down." in desk.get(address).content.decode()
    assert any("“Bridge closed” was taken down." in each for each in alarms.sentences())
    holding.tell()
    UserProfile.objects.create(user=desk.user, preferred_language="uk")
    assert "«Bridge closed» вилучено." in desk.get(address).content.decode()
    entry = ModelLogEntry.objects.for_instance(edition).get(action="newsletters.hold")
    assert entry.message == "Held: “Bridge closed” was taken down."
    with translation.override("uk"):
        assert "«Bridge closed» вилучено." in str(entry.formatter.format_message(entry))


@pytest.mark.django_db
def test_a_plain_pause_has_no_reason(newsroom):
    edition = an_edition(a_newsletter(newsroom.locale), state="sending", total=1)
    assert delivery.pause(edition, "")
    assert edition.why_held == "" and not holding.standing()


def test_why_a_digest_was_skipped_fits_its_column_whatever_the_zone_is_called():
    """PostgreSQL refuses what is longer, and the digest with it."""
    zone = zoneinfo.ZoneInfo(max(zoneinfo.available_timezones(), key=len))
    when = (datetime.datetime(2026, 11, 28, 7, 0, 0, 123456, tzinfo=zone), zone)
    most = DigestRun._meta.get_field("said").max_length
    assert len(said.kept(Said(*digests._TOO_FEW, count=1000, when=when, least=1000))) <= most
