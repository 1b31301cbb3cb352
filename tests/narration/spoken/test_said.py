"""What stands in a story is read as a newsreader would: the tables beside this file say how."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unicode_rbnf import RbnfEngine

from nightdesk.narration.spoken.speaking import LANGUAGES, sentences, spoken
from nightdesk.narration.spoken.uk.numbers import cardinal, compound, ordinal

HERE = Path(__file__).parent


def _table(language):
    lines = (HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" => ") for line in lines if line and not line.startswith("# ")]


CASES = [(lang, *row) for lang in sorted(LANGUAGES) for row in _table(lang)]


def test_the_tables_hold_what_newsrooms_write():
    assert len(CASES) >= 250


@pytest.mark.parametrize(("language", "written", "said"), CASES)
def test_is_said(language, written, said):
    assert spoken(written, language) == said


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_was_said_is_not_said_again(language):
    """A sentence goes through the rules once; going twice must change nothing a voice would read."""
    for lang, _written, said in CASES:
        if lang == language and "." not in said[:-1]:
            assert not any(letter.isdigit() for letter in spoken(said, language))


_SIGNS = st.text(alphabet="0123456789 ,.-–—$€%/:()'\"°abkmBKMXVI№ґїргнтысUSA+#@&", max_size=40)


@given(text=_SIGNS | st.text(max_size=40), language=st.sampled_from(sorted(LANGUAGES)))
@example("1,", "en")
@example("$1.2.3", "en")
@example("31.02.2022", "uk")
@example("9" * 40, "uk")
@example("0-0", "en")
@example("²³¹", "en")
@example("٣٤", "uk")
def test_whatever_is_written_no_ascii_digit_reaches_the_voice_and_nothing_breaks(text, language):
    for sentence in sentences(text, language):
        assert not set(sentence.spoken) & set("0123456789")
        assert sentence.written in text


def test_ukrainian_numbers_agree_with_cldr():
    engine = RbnfEngine.for_language("uk")
    genders = {"m": "masculine", "f": "feminine", "n": "neuter"}
    for number in [*range(130), 200, 341, 555, 999, 2000, 2023, 5200, 12_345, 200_002, 5_000_021]:
        by_rule = engine.format_number(number).text_by_ruleset
        for ours, theirs in genders.items():
            expected = by_rule[f"spellout-cardinal-{theirs}"].replace("ʼ", "'")
            assert cardinal(number, ours) == expected


def test_ukrainian_ordinals_and_compounds_are_declined():
    assert ordinal(3, "f", "g") == "третьої"
    assert ordinal(2022, "m", "l") == "дві тисячі двадцять другому"
    assert ordinal(2000, "m", "g") == "двотисячного"
    assert ordinal(1_000_000) == "мільйонний"
    assert compound(155) == "стоп'ятдесятип'яти"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Ostrel Works 1, Saltgate Athletic 2", "Ostrel Works one, Saltgate Athletic two."),
        ("50.05 the end of a cup final", "fifty point zero five the end of a cup final."),
        ("It held.", "It held."),
        ("Did it hold?”", "Did it hold?"),
        ("Мости, яких 5", "Мости, яких п'ять."),
    ],
)
def test_a_line_without_a_full_stop_is_said_with_one(written, said):
    language = "uk" if written.startswith("М") else "en"
    assert [one.spoken for one in sentences(written, language)] == [said]
    assert [one.written for one in sentences(written, language)] == [written]
