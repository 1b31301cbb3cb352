"""Two forms as text that can be compared: nothing that differs looks the same."""

from __future__ import annotations

import pytest

from nightdesk.editing.differences import Difference, differing, marked
from nightdesk.editing.text_of import Field, of_block, of_html
from nightdesk.stories.blocks import BodyBlock


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>The river</p>", "<p>The <b>river</b></p>"),
        ("<p>The river</p>", "<h2>The river</h2>"),
        ('<a href="https://a.example/">x</a>', '<a href="https://b.example/">x</a>'),
        ('<a linktype="page" id="3">x</a>', '<a linktype="page" id="4">x</a>'),
        ("<p>a</p><p>b</p>", "<p>a b</p>"),
        ("<ul><li>a</li></ul>", "<p>a</p>"),
    ],
)
def test_a_lost_link_or_emphasis_is_seen(one, other):
    assert of_html(one) != of_html(other)


def test_entities_and_spaces_are_read_as_readers_do():
    assert of_html("<p>Fish &amp; chips  \n today</p><p></p>") == ["Fish & chips today"]


def test_blocks_say_what_they_are():
    block = BodyBlock()
    value = block.to_python(
        [
            {"type": "text", "value": "<p>It rises.</p>"},
            {"type": "quote", "value": {"text": "It does.", "speaker": "Ivan Marchenko"}},
            {"type": "table", "value": {"data": [["a", "b"], ["c", None]]}},
            {"type": "embed", "value": {"url": "https://x.example/", "title": "A film"}},
        ]
    )
    assert list(of_block(block, value)) == [
        "It rises.",
        "Quote: It does.",
        "Ivan Marchenko",
        "Table: a | b",
        "c | ",
        "Embed: https://x.example/",
        "A film",
    ]


def test_only_the_words_that_differ_are_marked():
    theirs, mine = marked("The river stays & <sleeps>", "The river turns & <sleeps>")
    assert theirs == "The river <mark>stays</mark> &amp; &lt;sleeps&gt;"
    assert mine == "The river <mark>turns</mark> &amp; &lt;sleeps&gt;"


def test_lines_stand_beside_those_they_became():
    lines = Difference("Body", "a\nb\nc\nd", "a\nb\nc\nx\ny").lines()
    assert [(stretch.same, len(stretch.pairs)) for stretch in lines] == [(True, 3), (False, 2)]
    assert lines[1].pairs[1] == ("", "<mark>y</mark>")


def test_a_field_that_only_one_of_both_has_is_a_difference():
    one, two = Field("a", "A", "x"), Field("b", "B", "y")
    assert [d.label for d in differing([one, two], [one])] == ["B"]
    assert [d.label for d in differing([one], [one, two])] == ["B"]
