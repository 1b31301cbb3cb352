"""Ways to fill a newsroom in a test, with the words and pictures that the test is about."""

from __future__ import annotations

import datetime
import itertools

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.html import escape
from modelsearch import index

from nightdesk.briefs.models import Brief
from nightdesk.media.models import Picture
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage

_number = itertools.count(1)


def a_story(section: SectionPage, headline: str = "", **fields: object) -> StoryPage:
    """A published story. ``at`` is when; ``signed_by`` who; ``topics`` what about; a ``body``
    given as text becomes one text block."""
    headline = headline or f"Story number {next(_number)}"
    at = fields.pop("at", None) or timezone.now() - datetime.timedelta(minutes=5)
    signed_by = fields.pop("signed_by", ())
    topics = fields.pop("topics", ())
    live = fields.pop("live", True)
    body = fields.pop("body", f"<p>The text of {escape(headline)}.</p>")
    blocks = [("text", body)] if isinstance(body, str) else body
    story = StoryPage(title=headline, body=blocks, locale=section.locale, live=live, **fields)
    if live:
        story.first_published_at = story.last_published_at = at
    story.topics = list(topics)
    story.bylines = [
        StoryByline(**{type(who).__name__.lower(): who}, sort_order=place)
        for place, who in enumerate(signed_by)
    ]
    section.add_child(instance=story)
    return StoryPage.objects.get(pk=story.pk)


def a_brief(locale, text: str = "A thing happened.", **fields: object) -> Brief:
    return Brief.objects.create(locale=locale, text=text, **fields)


def a_picture(alt: str = "A bridge at dawn", **fields: object) -> Picture:
    """A picture whose finished files lie in the storage, each a few bytes."""
    fields = {"title": alt, "credit": "A. Photographer", "width": 1200, "height": 800, **fields}
    picture = Picture(alt=alt, file=f"masters/{next(_number)}.jpg", file_size=9, **fields)
    picture.made = [
        {
            "format": kind,
            "width": width,
            "height": width * 2 // 3,
            "name": f"pictures/{picture.token}-{width}.{ending}",
        }
        for kind, ending in (("avif", "avif"), ("webp", "webp"), ("jpeg", "jpg"))
        for width in (640, 1200)
    ]
    picture.card = f"pictures/{picture.token}-card.jpg"
    picture.save()
    for name in picture.files():
        default_storage.save(name, ContentFile(b"a picture's bytes"))
    return picture


def indexed(*things: object) -> None:
    """Put things into the search index, as the worker does after each change."""
    for thing in things:
        index.insert_or_update_object(thing)
