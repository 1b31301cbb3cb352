"""Readers follow what changed between two texts word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nightdesk.stories.difference import IN, OUT, SAME, difference, words_changed

GATES = "The lower gates stay shut until Friday, the river office said on Monday."
FERRY = "The ferry from Saltgate Steps sails every ten minutes, day and night."
TRAMS = "Trams end at the Weighhouse for at least eleven weeks."


def said(runs):
    return [(run.kind, run.text) for run in runs]


def test_one_word_that_changed_stands_between_those_that_stayed():
    assert said(words_changed(GATES, GATES.replace("Friday", "Sunday"))) == [
        (SAME, "The lower gates stay shut until"),
        (OUT, "Friday,"),
        (IN, "Sunday,"),
        (SAME, "the river office said on Monday."),
    ]


def test_two_words_that_stayed_between_two_changes_are_shown_as_changed_too():
    before, after = "About five or six people were hurt", "About nine or ten people were hurt"
    assert said(words_changed(before, after)) == [
        (SAME, "About"),
        (OUT, "five or six"),
        (IN, "nine or ten"),
        (SAME, "people were hurt"),
    ]


def test_only_paragraphs_that_changed_are_shown_and_a_gap_for_those_between():
    old = ["One stays.", GATES, "Two stays.", "Three stays.", TRAMS, "Four stays."]
    new = [*old]
    new[1], new[4] = GATES.replace("lower", "upper"), TRAMS.replace("eleven", "twelve")
    first, gap, second = difference(old, new)
    assert gap == []
    assert (OUT, "lower") in said(first)
    assert (IN, "twelve") in said(second)


def test_a_new_paragraph_is_added_whole_beside_one_that_was_changed():
    changed = GATES.replace("Friday", "Sunday")
    assert [said(runs) for runs in difference([GATES], [FERRY, changed])] == [
        [(IN, FERRY)],
        said(words_changed(GATES, changed)),
    ]


def test_a_paragraph_of_which_hardly_a_word_stayed_is_shown_whole_both_ways():
    assert [said(runs) for runs in difference([GATES], [TRAMS])] == [[(OUT, GATES)], [(IN, TRAMS)]]


def test_nothing_changed_is_nothing_to_show():
    assert difference([GATES, FERRY], [GATES, FERRY]) == []
    assert difference([], []) == []


_words = st.lists(
    st.sampled_from(["gates", "stay", "shut", "until", "Friday", "Sunday"]), max_size=9
)
_texts = st.lists(_words.filter(bool).map(" ".join), max_size=6)


@given(old=_texts, new=_texts)
def test_what_stayed_and_was_taken_out_is_the_old_text_and_with_what_was_added_the_new(old, new):
    """No word is lost or invented, whatever the texts are."""
    found = difference(old, new)
    if not found:
        assert old == new
        return
    for side, text in ((OUT, old), (IN, new)):
        shown = [run.text for runs in found for run in runs if run.kind in (SAME, side)]
        words = " ".join(shown).split()
        everything = " ".join(text).split()
        rest = iter(everything)
        assert all(word in rest for word in words), "in order"


def test_very_long_texts_are_compared_in_no_time_worth_speaking_of():
    old = [f"Paragraph {number} {'word ' * 30}" for number in range(300)]
    new = [f"Absatz {number} {'wort ' * 30}" for number in range(300)]
    assert len(difference(old, new)) == 600
    assert len(words_changed("a " * 4000, "b " * 4000)) == 2
