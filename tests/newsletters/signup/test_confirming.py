"""The link in a mail: looking at it changes nothing, the button confirms, an old one says so."""

from __future__ import annotations

import datetime
import re
import time

import pytest
from django.utils import timezone

from nightdesk.newsletters import subscribing, tokens
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.models import (
    ConsentEvent,
    FirstMail,
    Subscriber,
    Subscription,
    Suppression,
)
from nightdesk.newsletters.signup import actions
from tests.newsletters.signup.reading_mail import confirm_link, html_of, links_of, outgoing, text_of
from tests.newsletters.signup.test_seeing_to_it import OLHA, ask

pytestmark = pytest.mark.django_db

EXPIRED = "This link has expired. Enter your email to get a new one."


def everything() -> list[object]:
    """All that is known of anybody."""
    rows = [Subscriber, Subscription, ConsentEvent, FirstMail, Suppression]
    return [list(model.objects.order_by("pk").values()) for model in rows] + [len(outgoing())]


def test_the_page_says_what_the_button_confirms_and_the_button_does_it(client, morning, evening):
    ask(morning, evening)
    link = confirm_link(outgoing()[0])
    page = client.get(link)
    shown = page.content.decode()
    assert "Morning Watch" in shown and "Evening Watch" in shown
    assert re.search(r'<form method="post"><button[^>]*>Confirm subscription</button>', shown)
    assert "csrf" not in shown and not page.cookies
    for name, value in [
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", "noindex, nofollow"),
    ]:
        assert page[name] == value
    for _ in range(2):
        done = client.post(link)
        assert done.status_code == 200
        assert "Your subscription is confirmed." in done.content.decode()
    assert set(Subscription.objects.values_list("state", flat=True)) == {"active"}
    assert ConsentEvent.objects.filter(kind="confirmed").count() == 2
    assert "Your subscription is confirmed." in client.get(link).content.decode()


def test_looking_at_any_link_of_any_mail_changes_nothing(client, morning, evening):
    ask(morning)
    client.post(confirm_link(outgoing()[0]))
    ask(morning)
    ask(evening)
    mails = outgoing()
    assert len(mails) == 4  # please confirm, welcome, you are already, please confirm
    known = everything()
    links = [link for mail in mails for link in links_of(mail)]
    assert len(links) >= 6
    for link in links:
        for method in (client.get, client.head, client.options):
            method(link, HTTP_PURPOSE="prefetch")
    assert everything() == known


def test_a_new_reader_is_welcomed_with_a_way_out(client, morning, evening):
    evening.welcome_words = "Good evening.\n\nWe write at six."
    evening.save()
    ask(morning, evening)
    client.post(confirm_link(outgoing()[0]))
    client.post(confirm_link(outgoing()[0]))
    _confirmation, first, second = outgoing()
    assert first["Subject"] == "Welcome to Morning Watch"
    assert "From now on you get Morning Watch" in text_of(first)
    assert "We write at six." in text_of(second) and "<p>We write at six.</p>" in html_of(second)
    for mail, letter in ((first, morning), (second, evening)):
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        way = re.search(
            r"<https?://[^>]+/newsletters/unsubscribe/([\w-]+)/>", mail["List-Unsubscribe"]
        )
        assert tokens.read(tokens.READER, way[1]).newsletter == letter.pk
        assert mail["Auto-Submitted"] == "auto-generated"


def test_a_link_ends_after_seven_days_and_offers_a_new_one(client, morning, monkeypatch):
    ask(morning)
    link = confirm_link(outgoing()[0])
    eight_days = time.time() + 8 * 86_400
    monkeypatch.setattr("nightdesk.newsletters.tokens.time.time", lambda: eight_days)
    page = client.get(link)
    assert page.status_code == 410
    assert EXPIRED in page.content.decode()
    assert client.post(link).status_code == 410
    assert Subscription.objects.get().state == "pending"
    monkeypatch.undo()
    sent = dict(_hidden(page.content.decode())) | {"email": OLHA}
    assert client.post("/newsletters/sign-up/", sent, HTTP_ORIGIN="null").status_code == 200
    actions.take_in(timezone.now() + datetime.timedelta(days=8))
    assert len(outgoing()) == 2


def _hidden(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)


def test_a_link_that_never_was_looks_like_one_that_is_over(client, morning):
    ask(morning)
    reader = Subscriber.objects.get()
    old = tokens.for_confirming(reader.uid, time.time() - 8 * 86_400)
    expected = client.get(f"/newsletters/confirm/{old}/")
    assert EXPIRED in expected.content.decode()
    strangers = [
        "x",
        tokens.for_confirming(reader.uid)[:-2] + "AA",
        tokens.for_reader(reader.uid, morning.pk),
        tokens.for_confirming(type(reader.uid)(int=7)),
        "а" * 40,
    ]
    for token in strangers:
        answer = client.get(f"/newsletters/confirm/{token}/")
        assert (answer.status_code, answer.content) == (410, expected.content), token


def test_whoever_left_meanwhile_is_not_brought_back(client, morning):
    ask(morning)
    link = confirm_link(outgoing()[0])
    client.post(link)
    subscribing.end(Subscriber.objects.get(), morning, Subscription.Reason.LINK)
    assert client.post(link).status_code == 410
    assert Subscription.objects.get().state == "unsubscribed"


def test_a_suppressed_address_confirms_nothing(client, morning):
    ask(morning)
    Suppression.objects.create(fingerprint=read(OLHA).fingerprint, reason="complaint")
    assert client.post(confirm_link(outgoing()[0])).status_code == 410
    assert Subscription.objects.get().state == "pending"


def test_what_was_confirmed_counts_for_the_fuse(client, morning):
    ask(morning)
    assert not FirstMail.objects.get().confirmed
    client.post(confirm_link(outgoing()[0]))
    assert FirstMail.objects.get().confirmed
