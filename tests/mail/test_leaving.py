"""Mail that does not leave never looks like success."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from nightdesk.mail import health
from nightdesk.mail.actions import post
from nightdesk.mail.health import leaving
from nightdesk.mail.models import OutgoingMail, Relay
from nightdesk.press import alarms
from nightdesk.settings.table import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay(settings):
    """A newsroom with a public address and a relay."""
    settings.PUBLIC_URL = "https://news.example"
    settings.NIGHTDESK = Settings({"NIGHTDESK_MAIL": "smtp://us:secret@smtp.example:587"})
    return Relay.objects.create(name="smtp.example:587")


def queue() -> None:
    post(EmailMessage("Confirm", "Here", to=["reader@example.org"]), kind="confirmation")


def test_mail_leaves_where_nothing_speaks_against_it(relay):
    queue()
    assert leaving().ok and health.alarms() == []


@pytest.mark.parametrize(
    "url", ["https://news.example", "https://news.example:8443", "https://vijesti.ba"]
)
def test_a_public_newsroom_without_a_relay_says_that_mail_only_waits(settings, url):
    settings.PUBLIC_URL = url
    found = leaving()
    assert not found.ok and found.since is None
    assert "No mail relay is set" in found.cause and "NIGHTDESK_MAIL" in found.remedy


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "https://127.0.0.1", "https://192.168.1.4", "https://localhost",
     "https://desk.localhost", "https://desk.local", "https://desk", "http://news.example",
     "https://[::1]:8000"],
)  # fmt: skip
def test_a_newsroom_on_ones_own_machine_needs_none(settings, url):
    settings.PUBLIC_URL = url
    assert leaving().ok


def test_a_relay_that_refuses_is_given_fifteen_minutes_and_then_named(relay, settings):
    now = timezone.now()
    relay.refusing_since, relay.cause = now - timedelta(minutes=14), "535 5.7.8 wrong password"
    relay.save()
    assert leaving().ok
    relay.refusing_since = now - timedelta(minutes=15)
    relay.save()
    found = leaving()
    assert not found.ok and found.since == relay.refusing_since
    assert found.cause == "smtp.example:587 does not take it: “535 5.7.8 wrong password”."
    assert "secret" not in found.cause + found.remedy


def test_the_refusals_of_a_relay_that_is_used_no_more_say_nothing(relay, settings):
    relay.refusing_since = timezone.now() - timedelta(days=1)
    relay.save()
    settings.NIGHTDESK = Settings({"NIGHTDESK_MAIL": "smtps://other.example"})
    assert leaving().ok


def test_mail_that_nobody_fetches_is_noticed(relay):
    queue()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        found = leaving()
        assert not found.ok and "nothing sends it" in found.cause
        assert found.since == OutgoingMail.objects.get().not_before
        # One that goes out just now shows that somebody is at work.
        relay.last_left_at = timezone.now()
        relay.save()
        assert leaving().ok


def test_the_alarm_says_since_when_why_and_what_to_do(relay):
    with time_machine.travel("2026-05-04T07:10:00+03:00", tick=False):
        relay.refusing_since = timezone.now() - timedelta(minutes=30)
        relay.cause = "Connection refused"
        relay.save()
        [said] = [said for said in alarms.sentences() if "Mail" in said]
        assert said.startswith("Mail is not leaving this server since 06:40. smtp.example:587 ")
        assert "Connection refused" in said and "nightdesk mail test" in said
    with time_machine.travel("2026-05-06T07:10:00+03:00", tick=False):
        assert "since 4 May 06:40." in health.alarms()[0]
