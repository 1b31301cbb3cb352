"""Words are counted and headlines compared as a reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.kernel.text import count_words, fold, in_sight, minutes_to_read, plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two three", 3),
        ("The U.S. spent $25,000 — a lot", 6),
        ("weren't it’s об’єднання здоровʼя", 4),
        ("spring-summer offensive", 2),
        ("…  — «»", 0),
    ],
)
def test_words_are_counted_as_a_reader_counts_them(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("words", "minutes"), [(0, 0), (1, 1), (200, 1), (201, 2), (254, 2), (401, 3)]
)
def test_reading_time_is_rounded_up(words, minutes):
    assert minutes_to_read(words, 200) == minutes


def test_markup_becomes_text_with_its_blocks_parted():
    assert (
        plain("<h2>Ice</h2><p>Cold &amp; <b>hard</b>.<br>Very.</p>") == "Ice\nCold & hard.\nVery."
    )
    assert count_words(plain("<p>one</p><p>two</p>")) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Ukrainian soldiers: ‘Our troops are not protected’",
            "Ukrainian Soldiers: 'Our troops are not protected'",
        ),
        ("A  week — at war", "A week - at war"),
        ("Fish &amp; chips", "Fish & chips"),
        ("«Порт» відкрито", '"порт" відкрито'),
    ],
)
def test_two_ways_of_typing_a_headline_are_one_headline(one, other):
    assert fold(one) == fold(other)


def test_different_headlines_stay_different():
    assert fold("Bridge opens") != fold("Bridge opens again")
    assert fold("Міст") != fold("Мист")


@given(st.text(max_size=300))
def test_any_text_can_be_folded_and_counted(text):
    assert fold(fold(text)) == fold(text)
    assert count_words(plain(text)) >= 0


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("olha@example.org", "olha@example.org"),
        ("žeļjka+news@пошта.укр", "žeļjka+news@пошта.укр"),
        ("שלום@example.org", "שלום@example.org"),
        ("a\u202egro.elpmaxe@evil.example", "a[U+202E]gro.elpmaxe@evil.example"),
        ("\u2066a\u2069\u200f\u061c", "[U+2066]a[U+2069][U+200F][U+061C]"),
        ("a\u200bb\u00adc\u3164", "a[U+200B]b[U+00AD]c[U+3164]"),
        ("550 no\r\x1b[2J\nsuch\tuser", "550 no[U+000D][U+001B][2J\nsuch\tuser"),
        ("", ""),
    ],
)
def test_nothing_in_it_is_out_of_sight(text, seen):
    assert in_sight(text) == seen
