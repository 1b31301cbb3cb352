"""A name is found however it is typed, and nothing else is."""

from __future__ import annotations

import html
import json
import random
import unicodedata

import pytest

from nightdesk.kernel.spellings import Replacing, Spellings, key_of

NAMES = ["Olena Sydorenko", "Олена Сидоренко", "Anna-Maria O’Neil", "Андрій Їжак", "José Núñez"]


def replacing(words: str = "The desk & co") -> Replacing:
    return Replacing(Spellings(NAMES), words, "https://paper.example/desks/a/", keep=9)


@pytest.mark.parametrize(
    "text",
    [
        "Olena Sydorenko",
        "OLENA SYDORENKO",
        "olena\u00a0sydorenko",
        "Olena \n Sydorenko",
        "Ole\u00adna Sydo\u00adrenko",
        "Olena\u200b \u2060Sydorenko",
        "Оле\u0301на Сидоре\u0301нко",
        unicodedata.normalize("NFD", "Андрій Їжак"),
        "Anna-Maria O'Neil",
        "anna‑maria o‘neil",
        "Anna Maria ONeil",
        "\uff2f\uff4c\uff45\uff4e\uff41 Sydorenko",
        "Jose\u0301 Nu\u0301n\u0303ez",
        "@olenasydorenko",
        "olena_sydorenko",
    ],
)
def test_it_is_found_however_it_is_typed(text):
    for around in ("{}", "So {} said.", "({})", "«{}»", "{}’s", "{}, 33"):
        whole = around.format(text)
        done = replacing().text(whole)
        kept = "@" if text.startswith("@") else ""
        assert done == around.format(f"{kept}The desk & co"), whole


@pytest.mark.parametrize(
    "text",
    [
        "Olena Sydorenkova",
        "Xolena Sydorenko",
        "Olena",
        "Sydorenko",
        "Sydorenko Olena",
        "Олена Сидоренкова",
        "Андрии Їжак",
        "Андрій Їжакй",
        "Olena and Sydorenko",
        "Olena. Sydorenko",
        "Jose Nunez",
        "olenasydorenko",
    ],
)
def test_another_word_is_left_alone(text):
    assert replacing().string(text) == text
    assert replacing().string(f"<p>{text}</p>") == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("markup", "meant"),
    [
        ("<p><b>Olena</b> Sydorenko</p>", "<p><b>The desk &amp; co</b></p>"),
        ("<p>Olena&nbsp;Sydorenko</p>", "<p>The desk &amp; co</p>"),
        ("<p>Ole&shy;na&#160;Sydo<b>renko</b>!</p>", "<p>The desk &amp; co!</p>"),
        ("<p>Olena<br/>Sydorenko</p>", "<p>The desk &amp; co<br/></p>"),
        ("<p>Olena</p><p>Sydorenko</p>", "<p>Olena</p><p>Sydorenko</p>"),
        ("<ul><li>Olena</li><li>Sydorenko</li></ul>", "<ul><li>Olena</li><li>Sydorenko</li></ul>"),
        ("<p>Anna-Maria O&#x27;Neil</p>", "<p>The desk &amp; co</p>"),
        ('<p title="Olena Sydorenko">x</p>', '<p title="The desk &amp; co">x</p>'),
        (
            '<p><a href="/authors/olena-sydorenko/">her</a></p>',
            '<p><a href="https://paper.example/desks/a/">her</a></p>',
        ),
        (
            '<p><a href="https://x.example/%D0%9E%D0%BB%D0%B5%D0%BD%D0%B0_'
            '%D0%A1%D0%B8%D0%B4%D0%BE%D1%80%D0%B5%D0%BD%D0%BA%D0%BE">her</a></p>',
            '<p><a href="https://paper.example/desks/a/">her</a></p>',
        ),
        ("<p>5 < 6 Olena Sydorenko</p>", "<p>5 < 6 The desk &amp; co</p>"),
        ("<p>a<!-- Olena Sydorenko --></p>", "<p>a</p>"),
        ("<p>a &amp; b <i>c</i></p>", "<p>a &amp; b <i>c</i></p>"),
    ],
)
def test_in_markup_tags_stay_and_entities_are_what_they_stand_for(markup, meant):
    assert replacing().string(markup) == meant


def test_text_that_is_no_markup_is_not_escaped():
    assert replacing().string("Fish & Olena Sydorenko <3") == "Fish & The desk & co <3"


def test_json_within_json_is_reworded_and_the_rest_is_byte_for_byte_the_same():
    body = json.dumps([{"type": "text", "value": "<p>Олена Сидоренко</p>", "id": "1"}])
    done = replacing("Відділ").value({"body": body, "slug": "олена-сидоренко"}, frozenset({"slug"}))
    assert json.loads(done["body"])[0]["value"] == "<p>Відділ</p>"
    assert done["slug"] == "олена-сидоренко"
    untouched = '[{"type":  "text"}]'
    assert replacing().string(untouched) == untouched


def test_addresses_of_pages_get_the_words_of_the_desk():
    spellings = Spellings(NAMES)
    assert spellings.slug_without("talk-with-olena-sydorenko-2", "The desk") == (
        "talk-with-the-desk-2"
    )
    assert spellings.slug_without("розмова-олена-сидоренко", "Відділ") == "розмова-відділ"
    assert spellings.slug_without("anna-maria-oneil", "The desk") == "the-desk"
    assert not spellings.is_in_url("/news/olena-sydorenkova/")


def test_two_ways_to_type_a_name_have_one_key_and_two_names_have_two():
    assert key_of("Anna–Maria  O’Neil") == key_of("ANNA-MARIA O'NEIL")
    assert key_of("Олена Сидоренко") != key_of("Олена Сидоренкова") != key_of("Olena Sydorenko")


def typed(name: str, chance: random.Random, *, in_markup: bool) -> str:
    """The name as somebody might have typed it: case, form, spaces, invisible letters, tags."""
    name = unicodedata.normalize(chance.choice(["NFC", "NFD", "NFKC", "NFKD"]), name)
    name = chance.choice([str, str.upper, str.lower])(name)
    out = []
    for letter in name:
        if letter == " ":
            spaces = [" ", "  ", "\u00a0", "\u2009", "\n"] + (
                ["&nbsp;", "&#160;"] if in_markup else []
            )
            letter = chance.choice(spaces)
        elif letter in "’'":
            letter = chance.choice("'’ʼ‘")
        elif letter == "-":
            letter = chance.choice("-‑–")
        elif in_markup and chance.random() < 0.1 and not unicodedata.combining(letter):
            letter = f"&#{ord(letter)};"
        if chance.random() < 0.1 and not unicodedata.combining(letter[0]):
            out.append(chance.choice(["\u00ad", "\u200b"] + (["&shy;"] if in_markup else [])))
        if in_markup and chance.random() < 0.1 and not unicodedata.combining(letter[0]):
            out.append(
                chance.choice(["<b></b>", "<i>", "</i>", "<!-- x -->", '<a href="/x/">', "</a>"])
            )
        out.append(letter)
    return "".join(out)


@pytest.mark.parametrize("seed", range(400))
def test_however_it_is_typed_nothing_of_it_is_left(seed):
    chance = random.Random(seed)
    name, in_markup = chance.choice(NAMES), seed % 2 == 0
    before, after = (
        chance.choice(["", "Said ", "(", "Й ", "x, "]),
        chance.choice(["", "!", " й", "’s"]),
    )
    middle = typed(name, chance, in_markup=in_markup)
    text = f"<p>{before}{middle}{after}</p>" if in_markup else f"{before}{middle}{after}"
    done = replacing("DESK").string(text)
    bare = html.unescape(done)
    assert "DESK" in done and done.count("DESK") == 1, (text, done)
    assert not Spellings(NAMES).may_be_in(bare), (text, done)
    said = "".join(letter for letter in _without_tags(bare) if letter not in "\u00ad\u200b")
    assert said == f"{before}DESK{after}", (text, done)
    assert replacing("DESK").string(done) == done


def _without_tags(markup: str) -> str:
    import re

    return re.sub(r"<!--.*?-->|</?[a-z][^>]*>", "", markup)
