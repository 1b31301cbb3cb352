"""The verbs of a subscription, and the proof that each leaves."""

from __future__ import annotations

import datetime

import pytest

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.models import ConsentEvent, ConsentWords, Subscription, Suppression
from tests.newsletters.signup.conftest import a_newsletter

pytestmark = pytest.mark.django_db

OLHA = read("Olha@Example.org")


@pytest.fixture
def letters(newsroom):
    return [a_newsletter(newsroom.locale, name) for name in ("Morning", "Evening")]


def ask(letters, **how):
    return subscribing.ask(OLHA, letters, language="en", **how)


def proof() -> list[tuple[str, str]]:
    return list(ConsentEvent.objects.values_list("kind", "newsletter__name"))


def test_asking_waits_for_a_click_and_confirming_is_one(letters):
    asked = ask(letters, place="/a/", words="Subscribe")
    assert [row.newsletter for row in asked.pending] == letters and not asked.active
    assert len(subscribing.confirm(asked.subscriber)) == 2
    assert subscribing.confirm(asked.subscriber) == []
    assert [row.newsletter for row in ask(letters).active] == letters
    assert proof() == [
        ("asked", "Morning"),
        ("asked", "Evening"),
        ("confirmed", "Morning"),
        ("confirmed", "Evening"),
    ]


def test_two_spellings_of_one_address_are_one_reader(letters):
    first = ask(letters[:1]).subscriber
    second = subscribing.ask(read("olha@example.ORG"), letters[1:], language="en").subscriber
    assert first == second
    assert first.email == "Olha@example.org"


def test_words_are_kept_once_however_many_agree_to_them(letters):
    ask(letters[:1], words="Subscribe")
    subscribing.ask(read("b@example.org"), letters[:1], language="en", words="Subscribe")
    assert ConsentWords.objects.count() == 1
    assert ConsentWords.objects.get().events.count() == 2


def test_asking_again_within_the_day_is_the_same_wish(letters):
    ask(letters[:1])
    again = ask(letters[:1])
    assert len(again.pending) == 1
    assert proof() == [("asked", "Morning")]
    Subscription.objects.update(
        requested_at=subscribing.timezone.now() - datetime.timedelta(days=2)
    )
    ask(letters[:1])
    assert proof() == [("asked", "Morning")] * 2


def test_ending_is_undone_only_for_what_was_confirmed(letters):
    reader = ask(letters).subscriber
    subscribing.confirm(reader, [letters[0]])
    for letter in letters:
        assert subscribing.end(reader, letter, Subscription.Reason.LINK)
        assert not subscribing.end(reader, letter, Subscription.Reason.LINK)
    assert subscribing.undo_end(reader, letters[0])
    assert not subscribing.undo_end(reader, letters[0])
    assert not subscribing.undo_end(reader, letters[1])
    states = dict(Subscription.objects.values_list("newsletter__name", "state"))
    assert states == {"Morning": "active", "Evening": "unsubscribed"}


def test_asking_after_leaving_waits_for_a_click_again(letters):
    reader = ask(letters[:1]).subscriber
    subscribing.confirm(reader)
    subscribing.end(reader, letters[0], Subscription.Reason.LINK)
    assert len(ask(letters[:1]).pending) == 1
    row = Subscription.objects.get()
    assert (row.state, row.confirmed_at, row.ended_at, row.reason) == ("pending", None, None, "")


def test_what_is_suppressed_is_not_asked_for(letters):
    Suppression.objects.create(
        fingerprint=OLHA.fingerprint, newsletter=letters[0], reason="complaint"
    )
    assert [row.newsletter for row in ask(letters).pending] == letters[1:]
    Suppression.objects.create(fingerprint=OLHA.fingerprint, reason="bounce")
    assert ask(letters).suppressed
    assert subscribing.is_suppressed(OLHA.fingerprint)
