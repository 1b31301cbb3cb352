"""A saved page gives its story with headings, links, lists, quotes and pictures, and nothing that runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nightdesk.exchange.decoding import decode
from nightdesk.exchange.found import FoundQuote, FoundRelated, FoundText
from nightdesk.exchange.saved_html import read_saved_html

from .expected import hold, outline

PAGES = Path(__file__).parent / "pages"
ALLOWED = re.compile(
    r'</?(?:p|h2|h3|b|i|ol|ul|li|br)>|</a>|<a href="(?:https?://|mailto:|tel:)[^"<>]*">'
)


def read(name: str):
    path = PAGES / name
    return read_saved_html(decode(path.read_bytes())[0], path.name)


def page(body: str, **head: str) -> str:
    return (
        '<html lang="en"><head><meta property="og:url" content="https://wire.example/s/">'
        '<meta property="article:published_time" content="2023-03-08T16:16:00+02:00"></head><body>'
        "<h1>Bridge opens after three years of repairs</h1>"
        f'<div class="article-body"><p>{"The bridge was opened on Wednesday. " * 4}</p>{body}</div></body></html>'
    )


def parts(body: str) -> list:
    return list(read_saved_html(page(body), "x").body)


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_saved_page_gives_its_story_and_none_of_its_furniture(path: Path) -> None:
    hold(read(path.name), path.with_suffix(".expected"))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_only_the_tags_of_a_text_block_come_out(path: Path) -> None:
    for part in read(path.name).body:
        if isinstance(part, FoundText):
            assert "<" not in ALLOWED.sub("", part.html)


def test_nothing_of_a_hostile_page_can_run() -> None:
    story = read("hostile.html")
    everything = repr(story)
    for trace in (
        "javascript:",
        "onerror=alert(1)",
        "onclick",
        "onmouseover",
        "style=",
        "<script",
        "<iframe",
        "evil",
    ):
        if trace == "<script":
            assert trace not in everything.replace("&lt;script", "")
        else:
            assert trace not in re.sub(r"&lt;.*?&gt;", "", everything), trace


def test_links_are_kept_and_made_absolute() -> None:
    assert (
        '<a href="https://wire.example/x?a=1&amp;b=2">see</a>'
        in parts('<p>Now <a href="/x?a=1&b=2" class="y">see</a> this.</p>')[0].html
    )


def test_a_link_to_a_place_on_the_same_page_leaves_its_words() -> None:
    assert parts('<p>See <a href="#note">the note</a>.</p>')[0].html.endswith(
        "<p>See the note.</p>"
    )


def test_a_long_text_survives_a_wrapper_whose_class_sounds_like_furniture() -> None:
    long = "".join(
        f"<p>{'Every word of this paragraph belongs to the story. ' * 3}</p>" for _ in range(6)
    )
    found = parts(f'<div class="content-with-sidebar widget">{long}</div>')
    assert found[0].html.count("<p>") == 7


def test_a_link_alone_in_its_paragraph_is_a_related_story_only_within_the_site() -> None:
    inside = parts(
        '<p><a href="/men-who-count">Engineers of the Tern: The men who count cracks</a></p>'
    )
    assert inside[1] == FoundRelated(
        "Engineers of the Tern: The men who count cracks", "https://wire.example/men-who-count"
    )
    outside = parts(
        '<p><a href="https://other.example/">Engineers of the Tern: The men who count</a></p>'
    )
    assert len(outside) == 1 and "other.example" in outside[0].html


def test_a_label_above_a_list_makes_related_stories_of_it() -> None:
    found = parts(
        '<p>Read also:</p><ul><li><a href="/a">Ferry closed again</a></li><li><a href="/b">Storm ahead</a></li></ul>'
    )
    assert found[1:] == [
        FoundRelated("Ferry closed again", "https://wire.example/a"),
        FoundRelated("Storm ahead", "https://wire.example/b"),
    ]


def test_a_quote_with_a_list_in_it_loses_nothing() -> None:
    found = parts(
        "<blockquote><p>They ask:</p><ul><li>for bread</li><li>for light</li></ul></blockquote>"
    )
    assert found[0].html.endswith("<p>They ask:</p><ul><li>for bread</li><li>for light</li></ul>")


def test_a_quote_of_two_paragraphs_keeps_both() -> None:
    found = parts("<blockquote><p>One.</p><p>Two.</p></blockquote>")
    assert found[1] == FoundQuote("One.\n\nTwo.")


def test_nested_markup_of_word_and_google_docs_becomes_plain_paragraphs() -> None:
    found = parts(
        '<p class="MsoNormal"><span style="font-weight:700"><span>Hello <o:p></o:p></span></span><b><b>you</b></b></p>'
    )
    assert found[0].html.endswith("<p>Hello <b><b>you</b></b></p>") or found[0].html.endswith(
        "<p>Hello <b>you</b></p>"
    )


def test_a_page_that_marks_its_text_is_read_without_trafilatura() -> None:
    code = (
        "import sys; sys.modules['trafilatura'] = None\n"
        "from nightdesk.exchange.saved_html import read_saved_html\n"
        f"print(len(read_saved_html({page('<p>More.</p>')!r}, 'x').body))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_without_trafilatura_an_unmarked_page_is_refused_in_one_line_that_helps() -> None:
    code = (
        "import sys; sys.modules['trafilatura'] = None\n"
        "from nightdesk.exchange.saved_html import read_saved_html\n"
        "from nightdesk.exchange.unreadable import SourceUnreadable\n"
        "try: read_saved_html('<div>Some words</div>', 'x')\n"
        "except SourceUnreadable as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "nightdesk[import]" in done.stdout and done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<",
        "<html>",
        "<p>" * 3000,
        "<div>" * 900 + "deep",
        "<table>" * 200,
        "\ufffd<b>",
        "<!-- ",
    ],
)
def test_broken_markup_is_a_doubt_and_never_an_error(markup: str) -> None:
    assert read_saved_html(markup, "x").doubts


def test_the_outline_of_every_page_is_free_of_furniture() -> None:
    for path in PAGES.glob("*.html"):
        text = "\n".join(outline(read(path.name))).lower()
        for word in ("subscribe", "share this", "skip to", "copyright", "most read", "telegram"):
            assert word not in text, path.name
