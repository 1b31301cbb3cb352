"""Subscribers in the admin: one is found by the address, a list shows none; the proof is whole."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from nightdesk.newsletters import counting, subscribing
from nightdesk.newsletters.addresses import fingerprint, read
from nightdesk.newsletters.desk.chart import drawn
from nightdesk.newsletters.models import (
    ConsentEvent,
    MailEvent,
    Subscriber,
    SubscriberCount,
    Subscription,
    Suppression,
)
from tests.newsletters.making import a_newsletter, a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(newsroom):
    return a_newsletter(newsroom.locale)


@pytest.fixture
def reader(morning):
    return a_reader(morning)


@pytest.fixture
def producer(signed_in):
    return signed_in("producer")


@pytest.mark.parametrize("role", ["reporter", "editor", "administrator"])
def test_who_does_not_make_newsletters_sees_no_reader(signed_in, reader, role):
    client = signed_in(role)
    for address in ("", f"{reader.pk}/", "suppressed/", "over-time/"):
        assert client.get(f"/admin/subscribers/{address}").status_code in (302, 403)
    found = client.post("/admin/subscribers/", {"address": reader.email})
    assert found.status_code in (302, 403) and "subscribers" not in found.get("Location", "")


def test_the_list_shows_how_many_and_nobodys_address(producer, reader, morning):
    subscribing.ask(read("new@example.org"), [morning], language="en")
    page = producer.get("/admin/subscribers/").content.decode()
    assert "o•••@example.org" in page and "olha" not in page
    assert producer.get("/admin/subscribers/").context["totals"][0]["counts"] == [1, 1, 0]


def test_the_list_is_parted_by_newsletter_state_and_domain(producer, reader, morning, newsroom):
    evening = a_newsletter(newsroom.locale, "Evening")
    other = a_reader(evening, email="petro@example.net")

    def listed(**asked):
        page = producer.get("/admin/subscribers/", asked)
        return {row.pk for row, _address in page.context["rows"]}

    assert listed() == {reader.pk, other.pk}
    assert listed(newsletter=morning.pk) == {reader.pk}
    assert listed(state="active") == {reader.pk, other.pk}
    assert listed(state="unsubscribed", newsletter=morning.pk) == set()
    assert listed(domain="@example.net") == {other.pk}
    assert listed(domain="net") == set()
    assert listed(newsletter="x", state="y", p="z") == {reader.pk, other.pk}


def test_one_is_found_by_the_address_and_shown_with_the_whole_proof(producer, reader):
    found = producer.post("/admin/subscribers/", {"address": " OLHA@example.org "})
    assert found["Location"] == f"/admin/subscribers/{reader.pk}/"
    page = producer.get(found["Location"]).content.decode()
    for said in (
        "olha@example.org",
        "/news/a-story/",
        "Enter your email to subscribe",
        "asked for",
    ):
        assert said in page


def test_the_proof_of_somebody_erased_is_found_by_who_shows_the_address(producer, reader):
    from nightdesk.newsletters.yours.erasing import erase

    erase(reader)
    page = producer.post("/admin/subscribers/", {"address": "olha@example.org"}).content.decode()
    assert "Nobody has this address here now." in page
    assert "erased at their wish" in page and "confirmed it" in page
    assert producer.get(f"/admin/subscribers/{reader.pk}/").status_code == 200


def test_what_is_no_address_finds_nothing_and_says_so(producer, reader):
    page = producer.post("/admin/subscribers/", {"address": "olha"}).content.decode()
    assert "That is no whole e-mail address." in page and 'value="olha"' in page


def test_the_newsroom_ends_a_subscription_under_its_own_name(producer, reader, morning):
    producer.post(f"/admin/subscribers/{reader.pk}/", {"act": f"end {morning.pk}"})
    assert Subscription.objects.get().reason == "desk"
    assert ConsentEvent.objects.get(kind="ended").by == producer.user
    entry = ModelLogEntry.objects.get(action="newsletters.end_subscription")
    assert entry.user == producer.user
    assert "olha" not in f"{entry.label} {entry.data}"


def test_a_suppressed_address_comes_back_by_no_sign_up_until_it_is_lifted(
    producer, reader, morning
):
    why = "Asked by letter, olha@example.org"
    producer.post(f"/admin/subscribers/{reader.pk}/", {"act": "suppress", "why": why})
    row = Suppression.objects.get()
    assert (row.reason, row.detail) == ("desk", "Asked by letter, …")
    assert Subscription.objects.get().state == "unsubscribed"
    assert subscribing.ask(read(reader.email), [morning], language="en").suppressed
    producer.post("/admin/subscribers/suppressed/", {"act": f"lift {row.pk}"})
    assert not Suppression.objects.exists()
    assert not subscribing.ask(read(reader.email), [morning], language="en").suppressed
    actions = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"newsletters.suppress", "newsletters.lift_suppression"} <= actions


def test_an_address_that_never_was_here_can_be_suppressed(producer, morning):
    sent = {"act": "suppress", "address": "never@example.org", "why": "Threats"}
    producer.post("/admin/subscribers/suppressed/", sent)
    assert subscribing.ask(read("never@example.org"), [morning], language="en").suppressed
    page = producer.get("/admin/subscribers/suppressed/").content.decode()
    assert "Threats" in page and "never@example.org" not in page
    found = producer.post(
        "/admin/subscribers/suppressed/", {"act": "find", "address": "never@example.org"}
    )
    assert "by the newsroom" in found.content.decode()


def test_the_newsroom_does_not_lift_what_a_reader_had_erased(producer, newsroom):
    row = Suppression.objects.create(fingerprint=fingerprint("a@example.org"), reason="erased")
    page = producer.post("/admin/subscribers/suppressed/", {"act": f"lift {row.pk}"}, follow=True)
    assert "Only the reader can lift this" in page.content.decode()
    assert Suppression.objects.exists()


def test_the_days_are_counted_once_each_and_drawn(producer, reader, morning, monkeypatch):
    monkeypatch.setattr(counting, "_known", {})
    now = timezone.now()
    assert counting.write_down(now) == 1
    assert counting.write_down(now) == 0
    monkeypatch.setattr(counting, "_known", {})
    assert counting.write_down(now) == 0
    yesterday = timezone.localtime(now).date() - datetime.timedelta(days=1)
    assert SubscriberCount.objects.get().day == yesterday
    SubscriberCount.objects.create(
        newsletter=morning, day=yesterday - datetime.timedelta(days=9), active=4
    )
    page = producer.get("/admin/subscribers/over-time/")
    content = page.content.decode()
    assert (
        "<polyline" in content
        and "style=" not in content.partition('<svg class="desk-chart')[2].partition("</svg>")[0]
    )
    assert "−3 since" in content


def test_a_line_stands_on_nought_and_ends_within_its_frame():
    start = datetime.date(2026, 1, 1)
    points = [(start + datetime.timedelta(days=n), value) for n, value in enumerate((0, 180, 90))]
    chart = drawn(points)
    drawn_at = [tuple(map(float, point.split(","))) for point in chart.line.split()]
    assert drawn_at[0][1] == chart.bottom
    assert all(0 <= x <= chart.width and 0 <= y <= chart.bottom for x, y in drawn_at)
    assert [label for _y, label in chart.marks] == [0, 100, 200]
    assert drawn_at[2][1] == pytest.approx((drawn_at[0][1] + drawn_at[1][1]) / 2, abs=0.2)
    assert not drawn(points[:1]).is_a_line


def test_what_turns_the_writing_around_is_shown_and_turns_nothing(producer, reader):
    """An address that came by some other way than ours, and what a mail server wrote of it."""
    written = "\u202egro.elpmaxe@example.net"
    Subscriber.objects.filter(pk=reader.pk).update(email=written)
    MailEvent.objects.create(subscriber=reader, kind="bounced", source="relay", detail=written)
    one = producer.get(f"/admin/subscribers/{reader.pk}/").content.decode()
    listed = producer.get("/admin/subscribers/").content.decode()
    shown = '<bdi dir="ltr">[U+202E]gro.elpmaxe@example.net</bdi>'
    assert one.count(shown) == 2
    assert '<bdi dir="ltr">[U+202E]•••@example.net</bdi>' in listed
    assert "\u202e" not in one + listed


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 19, "-1", "x", "", "\0", "²"])
def test_a_number_made_by_hand_ends_and_lifts_nothing(producer, reader, number):
    one = f"/admin/subscribers/{reader.pk}/"
    assert producer.post(one, {"act": f"end {number}"}).status_code == 404
    lift = {"act": f"lift {number}"}
    assert producer.post("/admin/subscribers/suppressed/", lift).status_code == 404
