"""What was heard is laid beside what was said, word by word."""

import pytest

from nightdesk.narration.lexicon.entries import Entry, Lexicon
from nightdesk.narration.listening import words
from nightdesk.narration.spoken.speaking import sentences

NAMES = Lexicon([Entry("Bakhmut", "bahk-MOOT"), Entry("oblast", "OH-blahst")], "en")


def compared(written, heard, language="en"):
    ours = words.said(sentences(written, language), language, NAMES)
    return words.compare(ours, words.heard(heard, language))


def mistakes(comparison):
    return [(one.said, one.heard) for one in comparison.mistakes]


def test_what_was_understood_has_no_mistake():
    told = compared(
        "“It cost $2.4M,” U.S. officials said on March 8.",
        "It cost $2.4 million, US officials said on March 8th.",
    )
    assert told.mistakes == ()
    assert told.share == 0


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("He came at 4:15 p.m. on Monday.", "He came at 4.15 PM on Monday."),
        ("It lies to the north-west.", "It lies to the northwest."),
        ("The northwest is calm.", "The north west is calm."),
        ("Twenty-four trams ran.", "24 trams ran."),
        ("Kyiv said no.", "Kiev said no."),
        ("The president’s seat", "The presidents seat"),
        ("It closed at 8:40 p.m. on Friday.", "It closed at 8.40 p.m. on Friday."),
    ],
)
def test_another_spelling_of_the_same_sound_is_no_mistake(written, heard):
    assert compared(written, heard).mistakes == ()


def test_each_mistake_says_what_was_said_and_what_was_heard_instead():
    told = compared("The city could fall in days.", "The kitty could really fall in.")
    assert mistakes(told) == [("city", "kitty"), ("", "really"), ("days", "")]
    assert told.words == 6


def test_names_are_counted_by_themselves():
    told = compared(
        "Bakhmut could fall, Jens Stoltenberg said on Wednesday.",
        "Buckmute could fall, Yens Stoltenberg set on Wednesday.",
    )
    assert [one.said for one in told.mistakes if one.is_name] == ["bakhmut", "jens"]
    assert told.names == 3
    assert told.wrong_names == 2
    assert told.share_without_names == pytest.approx(1 / 5)


def test_a_sentence_that_nobody_said_is_told():
    told = compared(
        "The bridge is open. Trams cross it again at last. It cost a lot of money.",
        "The bridge is open. It cost a lot of money.",
    )
    assert told.lost == (1,)


def test_a_sentence_with_a_misheard_name_is_not_lost():
    told = compared("Bakhmut could fall. He said so.", "Back mud could fall. He said so.")
    assert told.lost == ()


def test_a_list_of_misheard_names_is_not_lost():
    told = compared(
        "He came. By Joren Pask and Rhea Lindmoor.", "He came by Jordan pass can relin more."
    )
    assert told.lost == ()


def test_nothing_heard_at_all_is_every_sentence_lost():
    told = compared("The bridge is open again. Trams cross it at last.", "")
    assert told.lost == (0, 1)
    assert told.share == 1


def test_ukrainian_is_compared_too():
    told = compared("У 2022 році місто мало 5 мостів.", "У 2022 році місто мало 5 хвостів.", "uk")
    assert mistakes(told) == [("мостів", "хвостів")]
