"""A page copied from a browser gives its story, and nothing of what surrounds it."""

from datetime import datetime
from pathlib import Path

import pytest

from nightdesk.exchange.copied_text import read_copied_text
from nightdesk.exchange.decoding import decode
from nightdesk.exchange.found import FoundByline, FoundRelated, FoundText

from .expected import hold, outline

PAGES = Path(__file__).parent / "pages"
SEED = Path(__file__).parents[2].parent / "shared/data/seed-page.txt"


def read(path: Path):
    return read_copied_text(decode(path.read_bytes())[0], path.name)


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.txt")), ids=lambda page: page.stem)
def test_a_copied_page_gives_its_story_and_none_of_its_furniture(page: Path) -> None:
    hold(read(page), page.with_suffix(".expected"))


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed page is not on this machine")
class TestTheSeedPage:
    def test_headline_byline_and_date_are_found_without_doubt(self) -> None:
        story = read(SEED)
        assert story.headline.startswith("Stoltenberg: ") and story.headline.endswith(
            "coming days'"
        )
        assert story.bylines == (FoundByline("The Kyiv Independent news desk", is_desk=True),)
        assert story.published == datetime(2023, 3, 8, 16, 16)
        assert not story.zone_given and not story.doubts and not story.standfirst

    def test_six_paragraphs_and_three_related_headlines_stand_in_their_places(self) -> None:
        kinds = [line.split(":")[0] for line in outline(read(SEED))]
        assert kinds == ["p", "p", "p", "related", "p", "p", "p", "related", "related"]

    def test_every_kept_line_is_a_line_of_the_page_word_by_word(self) -> None:
        lines = SEED.read_text(encoding="utf-8").splitlines()
        for kept in outline(read(SEED)):
            assert kept.split(": ", 1)[1] in lines

    @pytest.mark.parametrize(
        "furniture",
        ["Skip to", "Edit post", "audio", "AI", "News Feed", "12:59", "Supervisory", "MORE NEWS",
         "Editors", "Enter your email", "Subscribe", "indicates", "Explaining", "Thank you"],
    )  # fmt: skip
    def test_none_of_the_furniture_is_left(self, furniture: str) -> None:
        assert furniture not in "\n".join(outline(read(SEED)))


def page(*lines: str, headline: str = "Bridge opens after three years of repairs") -> str:
    return "\n".join([headline, "By Ann Lee", "March 8, 2023 4:16 PM", "", *lines])


LONG = (
    "The bridge over the Tern was opened to traffic on Wednesday, three years after it was closed."
)


class TestWhatIsKept:
    def test_markup_in_copied_text_stays_text(self) -> None:
        story = read_copied_text(
            page(LONG, "", "Use <script>alert(1)</script> & be happy, he said."), "x"
        )
        assert story.body[0].html.endswith(
            "<p>Use &lt;script&gt;alert(1)&lt;/script&gt; &amp; be happy, he said.</p>"
        )

    def test_a_paragraph_about_newsletters_and_cookies_is_no_furniture(self) -> None:
        said = "The ministry will subscribe to no newsletters, accept no cookies and share nothing, it said."
        story = read_copied_text(page(LONG, "", said), "x")
        assert f"p: {said}" in outline(story)

    def test_a_quoted_call_for_help_is_no_donation_appeal(self) -> None:
        said = '"Please support us, become a member of our fire brigade," the mayor told the crowd.'
        assert f"p: {said}" in outline(read_copied_text(page(LONG, "", said), "x"))

    def test_a_short_paragraph_stays_a_paragraph(self) -> None:
        assert "p: It held." in outline(read_copied_text(page(LONG, "", "It held."), "x"))

    def test_a_date_inside_a_sentence_is_not_the_date_of_publication(self) -> None:
        story = read_copied_text(
            page("On May 1, 2019 the old bridge was closed, the engineers said at the time.", LONG),
            "x",
        )
        assert story.published == datetime(2023, 3, 8, 16, 16)

    def test_the_story_is_whole_when_the_page_has_nothing_else(self) -> None:
        paragraphs = [f"Paragraph number {n} says what happened on that day." for n in range(30)]
        story = read_copied_text(page(*[f"{p}\n" for p in paragraphs]), "x")
        assert outline(story) == [f"p: {p}" for p in paragraphs]
        assert len(story.body) == 1 and isinstance(story.body[0], FoundText)


class TestRelatedHeadlines:
    def test_several_may_follow_each_other_and_keep_their_order(self) -> None:
        story = read_copied_text(
            page(LONG, "", "Engineers of the Tern: The men who count cracks",
                 "Bridge was 'a patient', says the doctor of concrete", "", LONG + " Twice."), "x"
        )  # fmt: skip
        assert [type(part) for part in story.body] == [
            FoundText,
            FoundRelated,
            FoundRelated,
            FoundText,
        ]

    def test_one_that_the_page_also_lists_elsewhere_is_surely_one(self) -> None:
        story = read_copied_text(
            page(
                LONG,
                "",
                "Ferry closed for winter again",
                "",
                LONG + " Twice.",
                "",
                "Most read",
                "Ferry closed for winter again",
            ),
            "x",
        )
        assert FoundRelated("Ferry closed for winter again") in story.body

    def test_what_was_assumed_is_said(self) -> None:
        story = read_copied_text(
            page(LONG, "", "Engineers of the Tern: The men who count cracks"), "x"
        )
        assert any("related" in note for note in story.notes)


class TestDoubts:
    def test_a_date_in_the_future_keeps_the_story_a_draft(self) -> None:
        story = read_copied_text(page(LONG).replace("2023", "2093"), "x")
        assert any("future" in doubt for doubt in story.doubts)

    def test_a_masthead_date_alone_is_not_believed(self) -> None:
        story = read_copied_text(
            "\n".join(["Larkmouth Wire", "Wednesday, March 8, 2023", "News", "Sport", "Culture", "Weather",
                       "Bridge opens after three years of repairs", "", LONG, "", LONG]), "x"
        )  # fmt: skip
        assert story.published is None and story.doubts

    @pytest.mark.parametrize(
        "text", ["", "\n\n", "Hello", "12:59 AM", "a" * 5000, "\n".join("x" * 3000)]
    )
    def test_nonsense_is_a_doubt_and_never_an_error(self, text: str) -> None:
        assert read_copied_text(text, "x").doubts
