"""From nothing to the reader's page, on a telephone."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from nightdesk.media.actions import add_picture
from nightdesk.stories.models import StoryPage
from tests.end_to_end import clipboards
from tests.end_to_end.conftest import until_watched


class Thumb:
    """Everything an editor touches, counted."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def paste(self, into: Locator, html: str) -> None:
        """Hold the place, then tap "Paste" in the telephone's own menu."""
        clipboards.paste(into, html)
        self.taps += 2


@pytest.fixture
def picture(newsroom):
    file = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).save(file, "JPEG")
    file.seek(0)
    return add_picture(file, alt="The flood gates at night", credit="Anna Koval")


@pytest.fixture
def older_story(newsroom):
    story = StoryPage(title="Who pays for the gates", live=False)
    newsroom.section.add_child(instance=story)
    story.save_revision().publish()
    return StoryPage.objects.get()


def test_a_pasted_story_with_a_picture_and_a_card_is_published_in_twelve_taps(
    phone: Page, reader: Page, newsroom, picture, older_story
):
    thumb = Thumb()
    phone.goto(newsroom.admin())
    thumb.tap(phone.get_by_role("link", name="New story"))

    # The cursor waits in the headline.
    expect(phone.get_by_placeholder("Headline")).to_be_focused()
    phone.keyboard.type("The night the gates closed")

    text = phone.locator("[contenteditable=true]").first
    thumb.tap(text)
    thumb.paste(text, clipboards.google_docs(30))

    # A card where the cursor is: after the third paragraph.
    thumb.tap(text.get_by_text("Paragraph number 3 of the report."))
    phone.keyboard.press("End")
    phone.keyboard.press("Enter")
    phone.keyboard.type("/")
    thumb.tap(phone.get_by_role("option", name="Related story"))
    thumb.tap(phone.get_by_role("button", name="Choose a story").first)
    thumb.tap(phone.get_by_role("link", name="Who pays for the gates"))

    thumb.tap(phone.get_by_role("button", name="Choose an image").first)
    thumb.tap(phone.locator(".image-choice").first)
    expect(phone.locator("#id_lead_picture")).to_have_value(str(picture.pk))

    thumb.tap(phone.get_by_role("button", name="Publish", exact=True))
    expect(phone.get_by_text("“The night the gates closed” is published.")).to_be_visible()
    assert thumb.taps <= 12, thumb.taps

    address = phone.get_by_role("link", name="See it as readers do").get_attribute("href")
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text("The night the gates closed")
    expect(reader.get_by_text("Anna Koval").first).to_be_visible()
    expect(reader.get_by_alt_text("The flood gates at night").first).to_be_visible()
    article = reader.get_by_role("main").inner_text()
    order = ["number 3 of", "Who pays for the gates", "number 4 of", "number 30 of", "Stay inside."]
    places = [article.index(words) for words in order]
    assert places == sorted(places)
    card = reader.get_by_role("main").get_by_role("link", name="Who pays for the gates").first
    assert card.get_attribute("href") == older_story.url


def test_a_card_in_the_middle_of_a_paragraph_keeps_both_halves(phone: Page, newsroom, older_story):
    phone.goto(newsroom.admin("stories/choose_parent/"))
    phone.get_by_placeholder("Headline").fill("Split")
    text = phone.locator("[contenteditable=true]").first
    text.tap()
    phone.keyboard.type("Before the card. After the card.")
    for _ in "After the card.":
        phone.keyboard.press("ArrowLeft")
    phone.keyboard.type("/")
    phone.get_by_role("option", name="Related story").tap()
    phone.get_by_role("button", name="Choose a story").first.tap()
    phone.get_by_role("link", name="Who pays for the gates").tap()
    expect(phone.locator(".chooser__title", has_text="Who pays for the gates")).to_be_visible()
    phone.get_by_role("button", name="Publish", exact=True).tap()
    expect(phone.get_by_text("” is published.")).to_be_visible()
    body = StoryPage.objects.get(title="Split").body
    assert [block.block_type for block in body] == ["text", "related", "text"]
    assert "Before the card." in body[0].value.source
    assert "After the card." in body[2].value.source


def test_enter_in_the_headline_publishes_nothing(phone: Page, newsroom):
    phone.goto(newsroom.admin("stories/choose_parent/"))
    phone.get_by_placeholder("Headline").fill("Not yet")
    phone.keyboard.press("Enter")
    phone.wait_for_timeout(1500)
    assert not StoryPage.objects.filter(live=True).exists()


def test_publishing_while_the_draft_is_being_saved_makes_one_story(phone: Page, newsroom):
    phone.goto(newsroom.admin("stories/choose_parent/"))
    phone.get_by_placeholder("Headline").fill("Once")
    until_watched(phone)
    text = phone.locator("[contenteditable=true]").first
    text.tap()
    automatic = phone.expect_request(lambda sent: sent.method == "POST", timeout=60_000)
    with automatic:
        phone.keyboard.type("Typed just before the button is pressed.")
    phone.get_by_role("button", name="Publish", exact=True).tap()
    expect(phone.get_by_text("“Once” is published.")).to_be_visible()
    story = StoryPage.objects.get()
    assert story.live and story.signature == "Anna Koval"
    assert "just before the button" in str(story.body)
