"""Newsletters and their editions, as the tests compose them."""

from __future__ import annotations

import datetime
import itertools
import uuid
from html.parser import HTMLParser
from typing import Any

from django.utils import timezone
from wagtail.models import Locale

from nightdesk.newsletters.models import Edition, Newsletter, Subscriber, Subscription

_number = itertools.count(1)


def a_newsletter(locale: Locale, name: str = "Morning", **fields: Any) -> Newsletter:
    return Newsletter.objects.create(
        locale=locale,
        name=name,
        slug=fields.pop("slug", name.lower().replace(" ", "-")),
        description=f"About {name}.",
        schedule_text="Every weekday",
        **fields,
    )


def an_edition(newsletter: Newsletter, *blocks: tuple[str, Any], **fields: Any) -> Edition:
    """``blocks``: ``("story", story)``, ``("text", "<p>…</p>")``; a story, brief or picture stands
    for a block of it without words of the editor's own."""
    body = [
        {"type": kind, "value": _value(kind, value), "id": str(uuid.uuid4())}
        for kind, value in blocks
    ]
    fields = {"subject": "What happened overnight", **fields}
    edition = Edition(newsletter=newsletter, **fields)
    edition.body = edition.body.stream_block.to_python(body)
    edition.save()
    return edition


def _value(kind: str, value: Any) -> Any:
    if hasattr(value, "pk"):
        return {kind: value.pk, "picture": True} if kind == "story" else {kind: value.pk}
    return value


def readers(newsletter: Newsletter, count: int) -> list[Subscriber]:
    """Subscribed and confirmed."""
    made = []
    for _ in range(count):
        key = f"reader{next(_number)}@example.org"
        reader = Subscriber.objects.create(
            email=key, email_ascii=key, email_key=key, language=newsletter.language
        )
        Subscription.objects.create(
            newsletter=newsletter,
            subscriber=reader,
            state=Subscription.State.ACTIVE,
            confirmed_at=timezone.now(),
        )
        made.append(reader)
    return made


def sent(edition: Edition, ago: datetime.timedelta = datetime.timedelta(hours=1)) -> Edition:
    """As it is once its sending is over."""
    edition.state, edition.total = Edition.State.FINISHED, edition.total or 0
    edition.started_at = timezone.now() - ago
    edition.finished_at = edition.started_at + datetime.timedelta(minutes=5)
    edition.save()
    return edition


class Html(HTMLParser):
    """What stands in an HTML mail: its links, pictures, headings, and whether it is well formed."""

    _VOID = frozenset({"meta", "br", "img", "hr", "link", "input"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.headings: list[tuple[str, str]] = []
        self.tables: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self.unclosed: list[str] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += self.unclosed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "img":
            self.pictures.append(given)
        elif tag == "table":
            self.tables.append(given)
        elif tag in ("h1", "h2", "h3"):
            self.headings.append((tag, ""))
        if tag not in self._VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self._VOID:
            self.unclosed.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._VOID:
            return
        if not self.unclosed or self.unclosed.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if "style" in self.unclosed:
            return
        self.words.append(data)
        if self.unclosed and self.headings and {"h1", "h2", "h3"} & set(self.unclosed):
            tag, words = self.headings[-1]
            self.headings[-1] = (tag, words + data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())
