"""An edition as HTML for mail programs: blocks → MJML → tables (mrml).

Nothing is fetched but the newsroom's own pictures: no font, no pixel, no script. Every word of an
editor or a reader is escaped; mrml fills in no variables.
"""

from __future__ import annotations

from collections.abc import Iterator

import mrml
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from nightdesk.newsletters.editions.contents import (
    Card,
    Contents,
    Figure,
    Heading,
    Image,
    Links,
    Text,
)
from nightdesk.newsletters.editions.words import Furniture

#: Beyond so many bytes mail programs cut an edition off (Gmail at about 102 KB).
MOST_BYTES = 95 * 1024

#: Inside of a mail that is 600 wide.
_WIDE = 552
_SERIF = "Georgia, 'Times New Roman', serif"
_SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
p, ul, ol { margin: 0; }
a { color: #1c4f7f; }
h2 a, h3 a, h1 a { color: #15171c; text-decoration: none; }
.words p, .words ul, .words ol { margin: 0 0 12px 0; }
img { height: auto !important; }
@media only screen and (max-width: 479px) { .part > table > tbody > tr > td { padding-left: 16px !important; padding-right: 16px !important; } }
"""
#: What is dark, and in whose programs: by the reader's wish, and Outlook.com, which marks it so.
_DARK = (
    ("body, .page, .part, .part > table", "background: #0f1319 !important"),
    (
        ".part div, .part p, .part li, .part h1, .part h2, .part h3, .part h1 a, .part h2 a, .part h3 a",
        "color: #eceae4 !important",
    ),
    (".soft div, .soft p", "color: #a9adb6 !important"),
    (".part p a, .part li a, .soft a, .part .go", "color: #8fc3f0 !important"),
    (".line p", "border-top-color: #3a404b !important"),
)


def write(contents: Contents, around: Furniture) -> str:
    """Raises ``ValueError`` when the result would not be what was meant."""
    made = mrml.to_html(_mjml(contents, around), None, mrml.RenderOptions(fonts={}))
    if made.warnings:
        raise ValueError("; ".join(str(warning.kind) for warning in made.warnings))
    return made.content


def _mjml(contents: Contents, around: Furniture) -> str:
    way = "rtl" if around.right_to_left else "ltr"
    side = "right" if around.right_to_left else "left"
    return format_html(
        '<mjml lang="{language}" dir="{way}"><mj-head>'
        "<mj-title>{subject}</mj-title><mj-preview>{preheader}</mj-preview>"
        '<mj-raw><meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">'
        '<meta name="x-apple-disable-message-reformatting">'
        '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">'
        "</mj-raw>"
        "<mj-attributes>"
        '<mj-section direction="{way}" padding="0 24px" css-class="part" background-color="#ffffff" />'
        '<mj-column direction="{way}" padding="0" />'
        '<mj-text font-family="{serif}" font-size="17px" line-height="1.5" color="#15171c"'
        ' align="{side}" padding="0 0 8px 0" />'
        '<mj-image padding="0 0 12px 0" align="{side}" />'
        "</mj-attributes>"
        "<mj-style>{style}</mj-style></mj-head>"
        '<mj-body width="600px" background-color="#ffffff" css-class="page">{body}</mj-body></mjml>',
        language=around.language,
        way=way,
        side=side,
        subject=around.subject,
        preheader=around.preheader,
        serif=_SERIF,
        style=mark_safe(_STYLE + _dark()),
        body=format_html_join("", "{}", ((piece,) for piece in _sections(contents, around))),
    )


def _dark() -> str:
    wished = " ".join(f"{where} {{ {what} }}" for where, what in _DARK)
    marked = " ".join(
        f"{', '.join(f'[data-ogsc] {one.strip()}' for one in where.split(','))} {{ {what} }}"
        for where, what in _DARK
    )
    return f"@media (prefers-color-scheme: dark) {{ {wished} }}\n{marked}"


def _sections(contents: Contents, around: Furniture) -> Iterator[SafeString]:
    yield _section(_head(around), "24px 24px 8px")
    below_heading = False
    for part in contents.parts:
        below_heading = below_heading or isinstance(part, Heading)
        yield _section(_part(part, 3 if below_heading else 2, around), "8px 24px")
    yield _section(_foot(around), "16px 24px 32px")


def _section(inside: Iterator[SafeString], padding: str) -> SafeString:
    return format_html(
        '<mj-section padding="{}"><mj-column>{}</mj-column></mj-section>',
        padding,
        format_html_join("", "{}", ((piece,) for piece in inside)),
    )


def _text(inside: SafeString, size: int = 17, kind: str = "", **more: str) -> SafeString:
    """``kind``: ``soft`` for what stands back, ``words`` for paragraphs with room between."""
    given = {"font-size": f"{size}px", "css-class": kind, **more}
    if kind == "soft":
        given |= {"color": "#5a5d66", "font-family": _SANS, "line-height": "1.45"}
    attributes = format_html_join("", ' {}="{}"', ((k, v) for k, v in given.items() if v))
    return format_html("<mj-text{}>{}</mj-text>", attributes, inside)


def _head(around: Furniture) -> Iterator[SafeString]:
    yield _heading(1, around.newsletter, 28)
    yield _text(format_html("<p>{}</p>", around.date), 14, "soft")
    if around.corrects:
        yield _text(format_html("<p><strong>{}</strong></p>", around.corrects), 17)


def _part(
    part: Card | Heading | Text | Figure | Links, level: int, around: Furniture
) -> Iterator[SafeString]:
    match part:
        case Heading(words):
            yield _line()
            yield _heading(2, words, 21)
        case Card():
            yield from _card(part, level)
        case Text(html):
            yield _text(mark_safe(html), kind="words")
        case Figure(image, caption, credit):
            yield _image(image)
            said = f"{caption} ({credit})" if caption and credit else caption or credit
            if said:
                yield _text(format_html("<p>{}</p>", said), 14, "soft")
        case Links(heading, lines):
            title = heading or gettext("Editors’ Picks")
            yield _line()
            yield _heading(2, title, 21)
            items = format_html_join(
                "", '<li style="margin: 0 0 8px 0;"><a href="{1}">{0}</a></li>', lines
            )
            side = "right" if around.right_to_left else "left"
            yield _text(
                format_html('<ul style="padding-{}: 20px;">{}</ul>', side, items), kind="words"
            )


def _card(card: Card, level: int) -> Iterator[SafeString]:
    if card.image:
        # Its words are those of the headline below, which leads to the same page.
        yield _image(card.image, card.url)
        if card.credit:
            yield _text(format_html("<p>{}</p>", card.credit), 13, "soft")
    if card.headline:
        yield _heading(level, card.headline, 18 if card.is_brief else 22, card.url)
    if card.words:
        words = format_html_join("", "<p>{}</p>", ((line,) for line in card.words))
        yield _text(words, kind="words")
    if card.is_brief and not card.headline:
        link = format_html('<p><a href="{}">{}</a></p>', card.url, gettext("Read the brief"))
        yield _text(link, 15)


def _heading(level: int, words: str, size: int, url: str = "") -> SafeString:
    """Its looks stand in the element, too: a program without our style has larger ideas."""
    inside = (
        format_html(
            '<a href="{}" style="color: #15171c; text-decoration: none;">{}</a>', url, words
        )
        if url
        else words
    )
    tag = mark_safe(f"h{level}")
    looks = f"margin: 0; font-size: {size}px; line-height: 1.25; font-weight: bold;"
    heading = format_html('<{0} style="{1}">{2}</{0}>', tag, looks, inside)
    return _text(heading, size, **{"line-height": "1.25"})


def _image(image: Image, url: str = "") -> SafeString:
    wide = min(_WIDE, image.width)
    high = max(1, round(image.height * wide / max(1, image.width)))
    link = format_html(' href="{}"', url) if url else ""
    return format_html(
        '<mj-image src="{}" alt="{}" width="{}px" height="{}px"{} />',
        image.url,
        image.alt,
        wide,
        high,
        link,
    )


def _line() -> SafeString:
    """Silent: a heading follows."""
    return mark_safe(
        '<mj-divider css-class="line" border-width="1px" border-color="#dbd7cd" padding="8px 0 16px 0" />'
    )


def _foot(around: Furniture) -> Iterator[SafeString]:
    yield _line()
    links = (
        (around.archive, gettext("This edition on the web")),
        (around.unsubscribe, gettext("Unsubscribe")),
        (around.yours, gettext("Your newsletters")),
    )
    yield _text(format_html("<p>{}</p>", around.why), 14, "soft")
    joined = format_html_join(mark_safe(" &nbsp;·&nbsp; "), '<a href="{}">{}</a>', links)
    yield _text(format_html("<p>{}</p>", joined), 14, "soft")
    name = format_html('<a href="{}">{}</a>', around.home, around.newsroom)
    said = format_html_join("", "<br>{}", ((line,) for line in around.contact))
    yield _text(format_html("<p>{}{}</p>", name, said), 14, "soft")
