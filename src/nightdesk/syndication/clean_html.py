"""A story's body as HTML that stands anywhere: in a feed reader, a mail, another site.

No scripts, no styles, no frames; every link and picture with its full address.
"""

from __future__ import annotations

import nh3
from django.conf import settings
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from nightdesk.media.models import Picture
from nightdesk.stories.body import blocks_of
from nightdesk.stories.models import StoryPage

_TAGS = {
    *("p", "br", "h2", "h3", "h4", "ul", "ol", "li", "b", "strong", "i", "em", "a", "blockquote"),
    *("figure", "figcaption", "img", "cite", "footer", "aside"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}


def story_html(story: StoryPage) -> str:
    """Lead picture and body. Cards for other stories are left out: a feed lists those itself, and
    need not be written anew when one of them gets another headline."""
    lead = ""
    if story.lead_picture:
        credit = story.lead_picture.credit
        lead = _picture(story.lead_picture, story.shown_caption, credit)
    shown = blocks_of(story.body, _BLOCKS.keys())
    blocks = [_BLOCKS[block.block_type](block.value) for block in shown]
    return clean("\n".join([lead, *blocks]))


def clean(html: str) -> str:
    """Only what reads as text, and full addresses."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", f"{settings.PUBLIC_URL}/"),
        link_rel=None,
    ).strip()


def _text(value) -> str:
    return expand_db_html(value.source)


def _quote(value) -> SafeString:
    who = ", ".join(part for part in (value["speaker"], value["role"], value["source"]) if part)
    said = format_html("<footer><cite>{}</cite></footer>", who) if who else ""
    words = mark_safe(linebreaks(value["text"], autoescape=True))
    return format_html("<blockquote>{}{}</blockquote>", words, said)


def _picture_block(value) -> SafeString:
    if not value["picture"]:
        return mark_safe("")
    return _picture(value["picture"], value.shown_caption, value.shown_credit)


def _picture(picture: Picture, caption: str, credit: str) -> SafeString:
    """A figure. What is covered on our page until a reader asks for it stays words elsewhere."""
    below = " ".join(part for part in (caption, credit) if part)
    if picture.sensitive or not picture.src:
        return format_html("<p><em>{}</em></p>", f"{picture.alt} {below}".strip())
    return format_html(
        '<figure><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>',
        picture.src,
        picture.alt,
        below,
    )


def _fact_box(value) -> SafeString:
    text = mark_safe(expand_db_html(value["text"].source))
    return format_html("<aside><h3>{}</h3>{}</aside>", value["title"], text)


def _table(value) -> SafeString:
    rows = value.get("data") or []
    head = rows[:1] if value.get("first_row_is_table_header") else []
    caption = value.get("table_caption") or ""
    return format_html(
        "<table>{}{}{}</table>",
        format_html("<caption>{}</caption>", caption) if caption else "",
        _rows(head, "th"),
        _rows(rows[len(head) :], "td"),
    )


def _rows(rows: list[list[str | None]], cell: str) -> SafeString:
    lines = (
        (format_html_join("", f"<{cell}>{{}}</{cell}>", ((text or "",) for text in row)),)
        for row in rows
    )
    return format_html_join("", "<tr>{}</tr>", lines)


def _embed(value) -> SafeString:
    return format_html('<p><a href="{}">{}</a></p>', value["url"], value["title"])


_BLOCKS = {
    "text": _text,
    "quote": _quote,
    "picture": _picture_block,
    "fact_box": _fact_box,
    "table": _table,
    "embed": _embed,
}
