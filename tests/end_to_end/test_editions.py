"""An edition is composed on a phone, looked at, and sent to nobody before the question."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nightdesk.newsletters.models import Delivery, Edition
from tests.making import a_story
from tests.newsletters.composing import a_newsletter, an_edition, readers, sent


def test_an_edition_is_composed_looked_at_and_asked_about_on_a_phone(phone: Page, newsroom):
    letter = a_newsletter(newsroom.home.locale, "The Morning Crossing")
    readers(letter, 2)
    a_story(newsroom.section, "Lantern bridge closed", standfirst="Until spring.")
    phone.goto(newsroom.admin(f"snippets/newsletters/edition/add/?newsletter={letter.pk}"))
    phone.get_by_role("textbox", name="Subject").fill("A bridge without trams")
    phone.locator(
        "[data-streamfield-stream-container] button[title='Insert a block']"
    ).first.click()
    phone.get_by_role("option", name="Story").first.click()
    phone.get_by_role("button", name="Choose a story").first.click()
    phone.get_by_role("link", name="Lantern bridge closed").click()
    expect(phone.get_by_text("Lantern bridge closed").first).to_be_visible()
    phone.get_by_role("button", name="Save").click()

    expect(phone.get_by_text("A draft: nothing is sent.")).to_be_visible()
    assert phone.evaluate("document.scrollingElement.scrollWidth") == 360
    mail = phone.frame_locator("iframe")
    expect(mail.get_by_role("heading", level=2)).to_have_text("Lantern bridge closed")
    found = Axe().run(phone, context=".edition-desk")
    assert found.violations_count == 0, found.generate_report()

    def ground() -> str:
        return mail.locator(".part > table").first.evaluate(
            "it => getComputedStyle(it).backgroundColor"
        )

    assert ground() == "rgb(255, 255, 255)"
    phone.get_by_role("link", name="Dark").click()
    expect(mail.get_by_role("heading", level=1)).to_have_css("color", "rgb(236, 234, 228)")
    assert ground() == "rgb(15, 19, 25)"

    phone.get_by_role("link", name="Send now…").click()
    expect(phone.get_by_text("Send “A bridge without trams” to 2 readers now?")).to_be_visible()
    assert Edition.objects.get().state == "draft"
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text(re.compile("being counted|being sent"))).to_be_visible()
    assert Edition.objects.get().state == "preparing"


def test_an_edition_on_its_way_counts_without_being_loaded_anew(phone: Page, newsroom):
    letter = a_newsletter(newsroom.home.locale, "The Morning Crossing")
    edition = an_edition(letter, ("text", "<p>Good morning.</p>"))
    for reader in readers(letter, 3):
        Delivery.objects.create(edition=edition, subscriber=reader)
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENDING, total=3)
    phone.goto(newsroom.admin(f"editions/{edition.pk}/"))
    phone.evaluate("window.samePage = true")
    sent_so_far = phone.locator("[data-count=sent]")
    expect(sent_so_far).to_have_text("0")

    Delivery.objects.filter(edition=edition).update(state=Delivery.State.SENT)

    expect(sent_so_far).to_have_text("3", timeout=30_000)
    expect(phone.locator("#progress")).to_have_js_property("value", 3)
    assert phone.evaluate("window.samePage")
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.FINISHED)
    expect(phone.locator("#progress")).to_have_count(0, timeout=30_000)


def test_the_page_of_a_past_edition_has_nothing_that_keeps_a_reader_out(reader: Page, newsroom):
    letter = a_newsletter(newsroom.home.locale, "The Morning Crossing")
    story = a_story(newsroom.section, "Lantern bridge closed", standfirst="Until spring.")
    edition = sent(an_edition(letter, ("heading", "Today"), ("story", story)))
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        for path in (edition.get_absolute_url(), "/newsletters/the-morning-crossing/editions/"):
            reader.goto(f"{newsroom.url}{path}")
            found = Axe().run(reader)
            assert found.violations_count == 0, found.generate_report()
            assert reader.evaluate("document.scrollingElement.scrollWidth") == 360
