"""One click ends a newsletter, from that moment; nothing else does, and nobody learns anything."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Locale

from nightdesk.newsletters import subscribing, tokens
from nightdesk.newsletters.models import ConsentEvent, Subscription
from nightdesk.press import pages
from tests.newsletters.making import a_newsletter, a_reader

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def morning(newsroom):
    return a_newsletter(newsroom.locale)


@pytest.fixture
def reader(morning):
    return a_reader(morning)


@pytest.fixture
def stranger():
    """A mail program: no cookies, no Referer, and Django's check against forgery is on."""
    return Client(enforce_csrf_checks=True)


def link(reader, newsletter) -> str:
    return f"/newsletters/unsubscribe/{tokens.for_reader(reader.uid, newsletter.pk)}/"


def state(reader, newsletter) -> str:
    return Subscription.objects.get(subscriber=reader, newsletter=newsletter).state


def test_the_button_of_a_mail_program_ends_it_and_is_answered_in_a_line(stranger, reader, morning):
    answer = stranger.post(link(reader, morning), ONE_CLICK)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert not answer.cookies
    assert state(reader, morning) == "unsubscribed"
    proof = ConsentEvent.objects.get(subscriber=reader, kind="ended")
    assert proof.detail == "one-click" and proof.newsletter == morning


def test_the_body_may_come_in_either_of_two_kinds(stranger, reader, morning):
    # Both kinds of body are allowed (RFC 8058 §3.2); Django's client sends parts by default.
    kind = "application/x-www-form-urlencoded"
    answer = stranger.post(link(reader, morning), "List-Unsubscribe=One-Click", content_type=kind)
    assert answer.status_code == 200
    assert state(reader, morning) == "unsubscribed"


def test_pressing_again_and_again_changes_nothing_more(stranger, reader, morning):
    for _time in range(3):
        assert stranger.post(link(reader, morning), ONE_CLICK).status_code == 200
    assert ConsentEvent.objects.filter(subscriber=reader, kind="ended").count() == 1


def test_only_the_newsletter_of_the_mail_ends(stranger, reader, morning, newsroom):
    evening = a_newsletter(newsroom.locale, "Evening")
    a_reader(evening)
    stranger.post(link(reader, morning), ONE_CLICK)
    assert state(reader, evening) == "active"


def test_looking_at_the_link_changes_nothing(stranger, reader, morning):
    page = stranger.get(link(reader, morning))
    assert "Unsubscribe from Morning" in page.content.decode()
    assert stranger.head(link(reader, morning)).status_code == 200
    stranger.post(link(reader, morning), {"something": "else"})
    assert state(reader, morning) == "active"


def test_the_page_shows_the_address_to_nobody_who_does_not_know_it(stranger, reader, morning):
    page = stranger.get(link(reader, morning)).content.decode()
    assert "o•••@example.org" in page
    assert "olha" not in page


def test_a_readers_button_ends_it_and_undo_takes_that_back(stranger, reader, morning):
    page = stranger.post(link(reader, morning), {"act": "end"}).content.decode()
    assert "You have been unsubscribed." in page and "Undo" in page
    assert state(reader, morning) == "unsubscribed"
    assert "Undo" in stranger.get(link(reader, morning)).content.decode()
    page = stranger.post(link(reader, morning), {"act": "undo"}).content.decode()
    assert "You are subscribed again." in page
    assert state(reader, morning) == "active"
    kinds = ConsentEvent.objects.filter(subscriber=reader).values_list("kind", flat=True)
    assert list(kinds) == ["asked", "confirmed", "ended", "undone"]


def test_an_old_mail_brings_nobody_back_who_has_left(stranger, reader, morning):
    stranger.post(link(reader, morning), {"act": "end"})
    row = Subscription.objects.get(subscriber=reader)
    row.ended_at -= datetime.timedelta(days=2)
    row.save()
    page = stranger.post(link(reader, morning), {"act": "undo"}).content.decode()
    assert "You are not subscribed to Morning" in page and "Undo" not in page
    assert state(reader, morning) == "unsubscribed"


@pytest.mark.parametrize("reason", ["desk", "bounce", "complaint"])
def test_undo_takes_back_nothing_that_was_not_the_readers(stranger, reader, morning, reason):
    subscribing.end(reader, morning, Subscription.Reason(reason))
    stranger.post(link(reader, morning), {"act": "undo"})
    assert state(reader, morning) == "unsubscribed"


def test_who_never_confirmed_is_not_subscribed_by_undo(stranger, morning):
    from nightdesk.newsletters.addresses import read

    reader = subscribing.ask(read("new@example.org"), [morning], language="en").subscriber
    stranger.post(link(reader, morning), {"act": "end"})
    stranger.post(link(reader, morning), {"act": "undo"})
    assert state(reader, morning) == "unsubscribed"


def test_an_altered_link_tells_nothing(stranger, reader, morning):
    mine = link(reader, morning)
    altered = mine[:-3] + ("B" if mine[-3] != "B" else "C") + "/"
    made_up = f"/newsletters/unsubscribe/{'A' * 43}/"
    answers = [stranger.post(each, ONE_CLICK) for each in (altered, made_up)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content.replace(altered.encode(), b"") == answers[1].content.replace(
        made_up.encode(), b""
    )
    assert state(reader, morning) == "active"
    confirming = tokens.for_confirming(reader.uid)
    assert stranger.post(f"/newsletters/unsubscribe/{confirming}/", ONE_CLICK).status_code == 404


def test_an_address_that_is_gone_is_answered_like_any(stranger, reader, morning):
    before = stranger.post(link(reader, morning), ONE_CLICK)
    gone = tokens.for_reader(uuid.uuid4(), morning.pk)
    after = stranger.post(f"/newsletters/unsubscribe/{gone}/", ONE_CLICK)
    assert (after.status_code, after.content) == (before.status_code, before.content)
    assert stranger.get(f"/newsletters/unsubscribe/{gone}/").status_code == 200


def test_a_newsletter_that_is_gone_is_ended_already(stranger, reader, morning):
    address = link(reader, morning)
    morning.delete()
    assert stranger.post(address, ONE_CLICK).status_code == 200
    assert "This newsletter has ended" in stranger.get(address).content.decode()


def test_the_page_speaks_the_newsletters_language(stranger, newsroom):
    ranok = a_newsletter(Locale.objects.get(language_code="uk"), "Ранок")
    reader = a_reader(ranok)
    for prefix in ("/uk", ""):
        page = stranger.get(prefix + link(reader, ranok))
        assert page["Content-Language"] == "uk"
        assert 'lang="uk"' in page.content.decode()
        assert "Відписатися від «Ранок»" in page.content.decode()


def test_nothing_of_it_is_stored_or_told_onwards(stranger, reader, morning):
    for answer in (
        stranger.get(link(reader, morning)),
        stranger.post(link(reader, morning), ONE_CLICK),
        stranger.get("/newsletters/unsubscribe/made-up/"),
    ):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
    live = pages.live.prefixes()
    for place in ("unsubscribe", "yours"):
        assert f"/newsletters/{place}/" in live and f"/uk/newsletters/{place}/" in live


@pytest.mark.django_db(transaction=True)
def test_it_is_on_disk_before_it_is_acknowledged(stranger, reader, morning, monkeypatch):
    """Whoever got the answer has it: no transaction is open any more when the answer is made."""
    from nightdesk.newsletters.yours import views

    asked = []
    made = views.HttpResponse

    def answer(*args, **kwargs):
        asked.append((connection.in_atomic_block, state(reader, morning)))
        return made(*args, **kwargs)

    monkeypatch.setattr(views, "HttpResponse", answer)
    stranger.post(link(reader, morning), ONE_CLICK)
    assert asked == [(False, "unsubscribed")]
