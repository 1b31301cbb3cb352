"""A reader without JavaScript follows the links of a mail: out, back, and to everything of theirs."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters import subscribing, suppressing, tokens
from nightdesk.newsletters.addresses import fingerprint, read
from nightdesk.newsletters.models import (
    Subscriber,
    SubscriberCount,
    SubscriberTable,
    Subscription,
    Suppression,
)
from tests.end_to_end.conftest import DESK, PHONE
from tests.newsletters.making import a_newsletter, a_reader

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [{**DESK, "color_scheme": "light"}, {**PHONE, "color_scheme": "dark"}]


@pytest.fixture
def morning(newsroom):
    a_newsletter(newsroom.home.locale, "Evening", description="What the day has come to.")
    return a_newsletter(newsroom.home.locale, description="What happened while you slept.")


@pytest.fixture
def olha(morning):
    return a_reader(morning)


def any_link(reader, newsletter, place: str = "yours") -> str:
    return f"/newsletters/{place}/{tokens.for_reader(reader.uid, newsletter.pk)}/"


def own_link(reader) -> str:
    token = tokens.for_owner(reader.uid, fingerprint(reader.email_key))
    return f"/newsletters/yours/{token}/"


def link_in_mail_to(address: str) -> str:
    mail = OutgoingMail.objects.filter(rcpt_to=address).latest("pk").message
    return re.search(r"https?://[^/\s]+(/\S+)", mail.get_content()).group(1)


def state(reader) -> str:
    return Subscription.objects.get(subscriber=reader, newsletter__name="Morning").state


def test_without_javascript_out_and_back_and_everything_of_ones_own(
    page_of, newsroom, morning, olha
):
    page = page_of({**PHONE, "java_script_enabled": False})
    page.goto(any_link(olha, morning, "unsubscribe"))
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="You have been unsubscribed.")).to_be_visible()
    assert state(olha) == "unsubscribed"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="You are subscribed again.")).to_be_visible()
    assert state(olha) == "active"

    page.get_by_role("link", name="All your newsletters").click()
    page.get_by_role("button", name="2 weeks").click()
    expect(page.get_by_text("Nothing is sent to you until")).to_be_visible()
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_role("button", name="End the pause")).to_have_count(0)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_text("A link is on its way to o•••@example.org.")).to_be_visible()

    page.goto(link_in_mail_to("olha@example.org"))
    page.get_by_label("Evening").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You are subscribed to Evening.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download it (JSON)").click()
    kept = json.loads(download.value.path().read_text())
    assert {row["newsletter"] for row in kept["newsletters"]} == {"Morning", "Evening"}

    page.get_by_label("Where your newsletters shall go").fill("new@example.net")
    with page.expect_navigation():
        page.get_by_role("button", name="Write to it").click()
    page.goto(link_in_mail_to("new@example.net"))
    page.get_by_role("button", name="Yes, send them here").click()
    expect(page.get_by_role("heading", name="Done.")).to_be_visible()

    olha.refresh_from_db()
    assert olha.email == "new@example.net"
    page.goto(own_link(olha))
    page.get_by_role("button", name="Erase me…").click()
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="Erased.")).to_be_visible()
    assert not Subscriber.objects.filter(erased_at=None).exists()
    assert Suppression.objects.get().reason == "erased"


def barriers(page, look: dict) -> list[str]:
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{look.get('color_scheme')} {page.url}: {each['id']}" for each in found] + (
        [f"{page.url} is too wide"] if wide else []
    )


def test_no_page_behind_a_link_has_a_barrier_that_axe_can_find(page_of, newsroom, morning, olha):
    found = []
    for look in LOOKS:
        page = page_of(look)
        page.goto(any_link(olha, morning, "unsubscribe"))
        found += barriers(page, look)
        page.goto(any_link(olha, morning))
        found += barriers(page, look)
        page.goto(own_link(olha))
        page.locator("#address").evaluate("field => { field.type = 'text'; field.value = 'x'; }")
        page.get_by_role("button", name="Write to it").click()
        expect(page.get_by_text("Please, enter correct email address")).to_be_visible()
        found += barriers(page, look)
        for name in ("Show it", "Erase me…"):
            page.goto(own_link(olha))
            with page.expect_navigation():
                page.get_by_role("button", name=name).click()
            found += barriers(page, look)
        page.goto("/newsletters/yours/nonsense/")
        found += barriers(page, look)
    assert found == []


def test_the_newsrooms_pages_have_none_either(page_of, newsroom, morning, olha):
    today = timezone.localdate()
    for ago in range(1, 90):
        SubscriberCount.objects.create(
            newsletter=morning, day=today - datetime.timedelta(days=ago), active=500 - ago
        )
    subscribing.ask(read("petro@example.org"), [morning], language="en")
    suppressing.suppress("gone@example.org", Suppression.Reason.BOUNCE, detail="5.1.1")
    table = SubscriberTable.objects.create(
        name="members.csv",
        content=b"",
        state="done",
        counts={"added": 12_431, "bad": 1},
        bad=[[7, "this is no e-mail address"]],
        left=["First Name"],
    )
    places = (
        *("", f"{olha.pk}/", "suppressed/", "over-time/", "bring/"),
        f"bring/{table.pk}/",
    )
    found = []
    page = page_of(DESK, newsroom.editor)
    for place in places:
        page.goto(newsroom.admin(f"subscribers/{place}"))
        violations = Axe().run(page, context="main", options=RULES).response["violations"]
        found += [f"{place}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in violations]
    assert found == []


def test_on_a_phone_it_stands_beside_each_number_what_it_counts(page_of, newsroom, morning):
    subscribing.ask(read("petro@example.org"), [morning], language="en")
    page = page_of(PHONE, newsroom.editor)
    page.goto(newsroom.admin("subscribers/"))
    row = page.locator("table.listing").first.locator("tbody tr", has_text=morning.name)
    shown = " ".join(row.inner_text().split())
    assert re.search(r"not confirmed yet: 1 subscribed: 0 unsubscribed: 0", shown), shown
    page.set_viewport_size({"width": 1440, "height": 900})
    assert "subscribed:" not in row.inner_text()
