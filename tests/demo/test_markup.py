"""Whoever edits the demo writes a few lines of Markdown, and is told what cannot be read."""

from __future__ import annotations

import pytest

from nightdesk.demo import markup, script

from .conftest import NOW


def test_paragraphs_headings_and_lists_are_one_text():
    [text] = markup.read_body("One\nline.\n\n## Head\n\n- a\n- b\n\n1. first\n2. second\n")
    assert text.html == (
        "<p>One line.</p><h2>Head</h2><ul><li>a</li><li>b</li></ul>"
        "<ol><li>first</li><li>second</li></ol>"
    )


def test_emphasis_and_links_are_marked_and_all_else_is_escaped():
    assert markup.inline("**A** & *b* <i> [c](story:d)") == (
        '<b>A</b> &amp; <i>b</i> &lt;i&gt; <a href="story:d">c</a>'
    )


def test_a_quote_names_speaker_role_and_source():
    [quote] = markup.read_body(
        "::: quote Ada Low | mayor | as cited by the Post\nWe are\nsafe.\n:::"
    )
    assert quote == markup.Quote("We are safe.", "Ada Low", "mayor", "as cited by the Post")


def test_special_blocks_stand_where_they_were_written():
    body = "Before.\n\n::: related a-story\n\n::: picture a-picture | Its caption\n\nAfter."
    kinds = [type(block).__name__ for block in markup.read_body(body)]
    assert kinds == ["Text", "Related", "PictureHere", "Text"]


def test_a_table_has_its_first_row_as_head_and_may_have_empty_cells():
    [table] = markup.read_body("| | Won |\n| **Saltgate** | 14 |\n")
    assert table.rows == (("", "Won"), ("Saltgate", "14"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("::: quote A\nnever closed", "never closed"),
        ("::: video x", "is not a block"),
        ("| a | b |\ntext at once", "empty line must end the table"),
    ],
)
def test_a_mistake_is_said_in_plain_words(body, says):
    with pytest.raises(markup.MarkupError, match=says):
        markup.read_body(body)


def test_a_broken_story_names_its_file(tmp_path):
    broken = tmp_path / "broken.md"
    broken.write_text("+++\nheadline = 1\n", encoding="utf-8")
    with pytest.raises(markup.MarkupError, match=r"broken\.md cannot be read"):
        script.read_story(broken, "en", NOW)
