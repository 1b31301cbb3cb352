"""A name given in sounds is said so, and the sentence around it as if it were written."""

from __future__ import annotations

import pytest

from nightdesk.narration.voices import booth, engines, letters, stand_ins

PIPER = engines.engine("piper").voices()[0]

#: Names of the first page → their sounds.
NAMES = {
    "Bakhmut": "bɑxmˈut",
    "Sloviansk": "slɔvjˈɑnsk",
    "Kramatorsk": "krɑmɐtˈɔrsk",
    "Jens Stoltenberg": "jˈɛns stˈɔltənbærɡ",
    "Umerov": "umˈɛrɔw",
    "Syrskyi": "sˈɪrsʲkɪj",
    "Avdiivka": "ɑwdˈijiwkɐ",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_said_with_the_sounds_that_were_given(name):
    sounds = NAMES[name]
    assert sounds in booth.phonemes(PIPER, f"He was in [[{sounds}]] on Monday.")
    assert sounds not in booth.phonemes(PIPER, f"He was in {name} on Monday.")


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        # The pause behind the name, and no stress on what stands before it.
        ("He is in [[bɑxmˈut]], he said.", "hiːʲ ɪz ɪn bɑxmˈut, hiː sˈɛd."),
        ("In [[bɑxmˈut]]’s centre.", "ɪn bɑxmˈuts sˈɛntɚ."),
        ("[[kˈijiw]]'s streets.", "kˈijiwz stɹˈiːts."),
        ("The [[ˈɔblɑstʲ]]; an [[ˈɔblɑstʲ]].", "ðɪʲ ˈɔblɑstʲ; ɐn ˈɔblɑstʲ."),
        ("General [[mˈɪlɪʃ]]’s men.", "dʒˈɛnɚɹəl mˈɪlɪʃᵻz mˈɛn."),
    ],
)
def test_the_sentence_around_it_is_said_as_if_the_name_were_written(text, sounds):
    assert booth.phonemes(PIPER, text) == sounds


def test_one_sentence_stays_one_sentence():
    heard = booth.speak(PIPER, "Mr. [[bɑxmˈut]] met Gen. Milley at 4 p.m. in the U.S. capital.")
    assert 2 < heard.seconds < 8


def test_without_chance_the_same_sentence_is_the_same_sound():
    first = booth.speak(PIPER, "The city held.", quiet=True)
    assert booth.speak(PIPER, "The city held.", quiet=True) == first


def test_a_newsreaders_pace():
    text = (
        "Ukrainian forces still hold positions inside the city, the president said on Monday, "
        "after he had met his commanders."
    )
    heard = booth.speak(PIPER, text)
    assert 140 < len(text.split()) / heard.seconds * 60 < 200


def test_a_language_that_says_the_stand_in_differently_keeps_names_and_pauses():
    said = []

    def espeak(text: str) -> str:
        said.append(text)
        return f"<{len(said)}>"

    heard = stand_ins.phonemes("In [[a b]], or [[c]]. Now", "xx", espeak)
    assert heard.replace(" ", "") == "<3>ab,<4>c.<5>"


@pytest.mark.parametrize(
    "text",
    [
        "General Mark A Milley said so.",
        "The Leopard two A six came.",
        "A T and T said so.",
        "Plan A failed.",
        "They have vitamin A in them.",
        "Hepatitis A spreads.",
        "A U A V fell.",
        "The F sixteen A is old.",
        "He met [[ʃˈiː]] A Smith.",
    ],
)
def test_the_letter_a_is_said_as_a_letter(text):
    said = booth.phonemes(PIPER, text)
    assert "ˈeɪ" in said.replace("sˈeɪ", "")
    assert " ɐ " not in f" {said} ".replace("ɐ jˈuː", "")


@pytest.mark.parametrize(
    "text",
    [
        "A tram crossed the bridge.",
        "He called it a gift.",
        "It is a U-turn.",
        "He read A Farewell to Arms.",
        "In the city A new law is out.",
    ],
)
def test_the_article_stays_one(text):
    assert "ˈeɪ" not in booth.phonemes(PIPER, text)


def test_other_languages_have_no_article_that_could_be_meant():
    assert letters.spelled("План A", "uk") == "План A"
