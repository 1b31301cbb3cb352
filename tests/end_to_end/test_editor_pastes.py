"""A reporter's text arrives whole from where it was written, in one action, and nothing else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from nightdesk.stories.models import StoryPage
from tests.end_to_end import clipboards

LIST = "<ul><li>Sandbags are at the depot.</li><li>Trams turn at the bridge.</li></ul>"
STEPS = "<ol><li>Stay inside.</li></ol>"


@pytest.fixture
def stored(desk: Page, newsroom):
    """Paste some HTML into a new story, publish it, and give its text as it is stored."""

    def _stored(html: str) -> str:
        desk.goto(newsroom.admin("stories/choose_parent/"))
        desk.get_by_placeholder("Headline").fill("A night at the gates")
        clipboards.paste(desk.locator("[contenteditable=true]").first, html)
        desk.get_by_role("button", name="Publish", exact=True).click()
        expect(desk.get_by_text("is published.")).to_be_visible()
        assert "owned" not in desk.title()
        body = StoryPage.objects.get().body
        assert [block.block_type for block in body] == ["text"]
        return re.sub(r' data-block-key="\w+"', "", body[0].value.source)

    return _stored


def test_thirty_paragraphs_from_google_docs(stored):
    more = "".join(f"<p>Paragraph number {n} of the report.</p>" for n in range(2, 31))
    assert stored(clipboards.google_docs(30)) == (
        "<h2>A night at the gates</h2>"
        "<p>The gates closed <b>before midnight</b>, says "
        '<a href="https://river.example/gauge?day=2">the river service</a>, '
        f"<i>as every autumn</i>.</p>{more}<h3>What to do</h3>{LIST}{STEPS}"
    )


def test_a_document_from_word(stored):
    assert stored(clipboards.word()) == (
        "<h2>A night at the gates</h2>"
        "<p>The gates closed <b>before midnight</b>, says "
        '<a href="https://river.example/gauge">the river service</a>, '
        f"<i>as every autumn</i>.</p><h2>What to do</h2>{LIST}{STEPS}"
    )


def test_of_a_paste_full_of_scripts_only_the_words_arrive(stored):
    html = stored(clipboards.HOSTILE)
    assert re.sub(r"\s+", " ", html) == "<p>Calm words one two three</p>"
