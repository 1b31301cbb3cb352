"""What stands in an edition now: its blocks, with what the stories and briefs in them say today.

Read for a preview, for the mail just before its first message leaves, and for the page in the
archive. What readers may not have is left out, and `Contents.troubles` says why, in sentences for
editors; a mail does not leave while there is one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from nightdesk.briefs.models import Brief
from nightdesk.media.models import Picture
from nightdesk.newsletters.editions import picks
from nightdesk.newsletters.editions.rich_text import clean
from nightdesk.newsletters.models import Edition
from nightdesk.newsletters.said import Said
from nightdesk.press.addresses import absolute
from nightdesk.stories.embargo import may_be_used
from nightdesk.stories.models import StoryPage
from nightdesk.takedown.models import Takedown

#: Pixels of a picture in a mail, on a screen with two for each of ours.
_WIDE = 1104


@dataclass(frozen=True)
class Image:
    """``url`` on the newsroom's own host; an empty ``alt`` is an ornament."""

    url: str
    width: int
    height: int
    alt: str
    picture: Picture = field(compare=False, repr=False)


@dataclass(frozen=True)
class Card:
    """A story or a brief. ``words`` are paragraphs."""

    kind: ClassVar[str] = "card"
    headline: str
    url: str
    words: tuple[str, ...] = ()
    image: Image | None = None
    credit: str = ""
    is_brief: bool = False


@dataclass(frozen=True)
class Heading:
    kind: ClassVar[str] = "heading"
    words: str


@dataclass(frozen=True)
class Text:
    """``html``: paragraphs, lists, emphasis and links with full addresses; safe as it is."""

    kind: ClassVar[str] = "text"
    html: str


@dataclass(frozen=True)
class Figure:
    kind: ClassVar[str] = "figure"
    image: Image
    caption: str
    credit: str


@dataclass(frozen=True)
class Links:
    """Editors' Picks."""

    kind: ClassVar[str] = "links"
    heading: str
    lines: tuple[tuple[str, str], ...]


Part = Card | Heading | Text | Figure | Links


@dataclass(frozen=True)
class Trouble:
    """``place``: of the block that cannot go as it is; ``item``: of a list in it, else None."""

    place: int
    why: Said
    item: int | None = None

    @property
    def sentence(self) -> str:
        return str(self.why)


@dataclass
class Contents:
    parts: list[Part] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    #: What a takedown would have to name: ``story:12``.
    made_of: list[str] = field(default_factory=list)


def read(edition: Edition, *, editors: bool = True) -> Contents:
    """What stands in it. ``editors=False`` asks nothing that only editors are told: why something
    is missing. Every story, brief and picture is read from the database anew."""
    blocks = blocks_of(edition)
    wanted = _Wanted(blocks, edition.newsletter.language)
    contents = Contents()
    for block in blocks:
        contents.parts += wanted.part(block)
    contents.made_of = list(dict.fromkeys(wanted.made_of))
    if editors:
        contents.troubles = list(_troubles(blocks, wanted))
    return contents


class _Wanted:
    """Everything that the blocks name, each kind in one query."""

    def __init__(self, blocks: list[dict[str, Any]], language: str) -> None:
        self.language = language
        self.made_of: list[str] = []
        ids = list(_stories_named(blocks))
        rows = StoryPage.readable().prefetch_related(None).filter(pk__in=ids) if ids else ()
        self.stories = {story.pk: story for story in rows}
        ids = list(_named(blocks, "brief", "brief"))
        briefs = Brief.objects.filter(pk__in=ids).select_related("locale") if ids else ()
        now = timezone.now()
        self.briefs = {row.pk: row for row in briefs if row.live and row.published_at <= now}
        ids = list(_named(blocks, "picture", "picture"))
        pictures = Picture.objects.filter(pk__in=ids) if ids else ()
        self.pictures = {row.pk: row for row in pictures if not row.taken_down}

    def part(self, block: dict[str, Any]) -> Iterator[Part]:
        value = block["value"]
        match block["type"]:
            case "story" if story := self.stories.get(value["story"]):
                yield self._card(story, value)
            case "brief" if brief := self.briefs.get(value["brief"]):
                self.made_of.append(f"brief:{brief.pk}")
                yield Card(
                    headline=brief.headline,
                    url=absolute(brief.get_absolute_url()),
                    words=_paragraphs(brief.text),
                    is_brief=True,
                )
            case "heading" if value.strip():
                yield Heading(_line(value))
            case "text" if html := clean(value):
                yield Text(html)
            case "picture" if picture := self.pictures.get(value["picture"]):
                image = image_of(picture)
                if image:
                    self.made_of.append(f"picture:{picture.pk}")
                    if value.get("decorative"):
                        image = replace(image, alt="")
                    yield Figure(
                        image,
                        _line(value.get("caption") or picture.caption),
                        _line(value.get("credit") or picture.credit),
                    )
            case "picks":
                yield from self._picks(value)

    def _card(self, story: StoryPage, value: dict[str, Any]) -> Card:
        self._of_story(story)
        image = credit = None
        picture = story.lead_picture
        if value.get("picture", True) and picture and (image := image_of(picture)):
            self.made_of.append(f"picture:{picture.pk}")
            credit = _line(picture.credit)
        headline = story.told_headline if story.retracted else value.get("headline")
        return Card(
            headline=_line(headline or story.title),
            url=absolute(story.url),
            words=_paragraphs(value.get("words") or story.standfirst),
            image=image,
            credit=credit or "",
        )

    def _of_story(self, story: StoryPage) -> None:
        """An alias goes down with its source."""
        self.made_of.append(f"story:{story.alias_of_id or story.pk}")

    def _picks(self, value: dict[str, Any]) -> Iterator[Part]:
        chosen = [self.stories.get(pk) for pk in items(value)]
        if not chosen:
            chosen = picks.now(self.language, value.get("count") or 5)
        shown = [story for story in chosen if story is not None]
        for story in shown:
            self._of_story(story)
        lines = tuple((_line(story.told_headline), absolute(story.url)) for story in shown)
        if lines:
            yield Links(_line(value.get("heading") or ""), lines)


def image_of(picture: Picture) -> Image | None:
    """The JPEG for a mail: none of a picture that our pages cover, or that was taken down."""
    if picture.sensitive or picture.taken_down:
        return None
    jpegs = [size for size in picture.made if size["format"] == "jpeg"]
    if not jpegs:
        return None
    best = min(jpegs, key=lambda size: (abs(size["width"] - _WIDE), size["width"]))
    url = absolute(default_storage.url(best["name"]))
    return Image(url, best["width"], best["height"], _line(picture.alt), picture)


def _troubles(blocks: list[dict[str, Any]], wanted: _Wanted) -> Iterator[Trouble]:
    """Why something that was chosen cannot go out now."""
    now = timezone.now()
    down = {(row.kind, row.thing) for row in Takedown.in_force()}
    for place, block in enumerate(blocks):
        value = block["value"]
        match block["type"]:
            case "story":
                found = [(_about_story(value["story"], wanted, down, now), None)]
            case "brief":
                found = [(_about_brief(value["brief"], wanted, down), None)]
            case "picture":
                found = [(_about_picture(value["picture"], wanted), None)]
            case "picks":
                each = enumerate(items(value))
                found = [(_about_story(pk, wanted, down, now), item) for item, pk in each]
            case _:
                found = []
        for why, item in found:
            if why:
                yield Trouble(place, why, item)


def _about_story(
    pk: int | None, wanted: _Wanted, down: set[tuple[str, str]], now: datetime.datetime
) -> Said | None:
    story = StoryPage.objects.filter(pk=pk).first() if pk else None
    if story is None:
        return Said(_("A story that stood in it was deleted."))
    words = {"title": story.title}
    if ("story", str(story.alias_of_id or story.pk)) in down:
        return Said(_("“%(title)s” was taken down."), **words)
    if story.retracted:
        return Said(_("“%(title)s” was retracted."), **words)
    if not may_be_used(story, now):
        until = _("“%(title)s” is under embargo until %(moment)s.")
        return Said(until, **words, moment=story.embargo_until)
    if not story.live:
        return Said(_("“%(title)s” is not published."), **words)
    if story.pk not in wanted.stories:
        return Said(_("“%(title)s” may be read by some readers only."), **words)
    return None


def _about_brief(pk: int | None, wanted: _Wanted, down: set[tuple[str, str]]) -> Said | None:
    brief = Brief.objects.filter(pk=pk).first() if pk else None
    if brief is None:
        return Said(_("A brief that stood in it was deleted."))
    words = {"title": brief.shown_headline}
    if ("brief", str(brief.pk)) in down:
        return Said(_("The brief “%(title)s” was taken down."), **words)
    if brief.pk not in wanted.briefs:
        return Said(_("The brief “%(title)s” is not published."), **words)
    return None


def _about_picture(pk: int | None, wanted: _Wanted) -> Said | None:
    picture = Picture.objects.filter(pk=pk).first() if pk else None
    if picture is None:
        return Said(_("A picture that stood in it was deleted."))
    words = {"title": picture.title}
    if picture.taken_down:
        return Said(_("The picture “%(title)s” was taken down."), **words)
    if image_of(picture) is None:
        covered = _("The picture “%(title)s” cannot stand in a mail: it is covered on our pages.")
        return Said(covered, **words)
    return None


def each_once(troubles: Iterable[Trouble]) -> list[Said]:
    """Why: a story that stands in two places is named once."""
    return list(dict.fromkeys(trouble.why for trouble in troubles))


def without(blocks: list[dict[str, Any]], troubles: Iterable[Trouble]) -> list[dict[str, Any]]:
    """The blocks less what is in trouble; of a list only the stories that are."""
    whole = {trouble.place for trouble in troubles if trouble.item is None}
    lines = {(trouble.place, trouble.item) for trouble in troubles if trouble.item is not None}
    kept = []
    for place, block in enumerate(blocks):
        if place in whole:
            continue
        left = [
            pk
            for item, pk in enumerate(items(block["value"]) if block["type"] == "picks" else ())
            if (place, item) not in lines
        ]
        if any(one == place for one, _item in lines):
            if not left:
                continue
            block = {**block, "value": {**block["value"], "stories": left}}
        kept.append(block)
    return kept


def blocks_of(edition: Edition) -> list[dict[str, Any]]:
    """As they are kept: ``{"type": …, "value": …, "id": …}``."""
    return [dict(block) for block in edition.body.raw_data]


def _named(blocks: Iterable[dict[str, Any]], kind: str, name: str) -> Iterator[int]:
    for block in blocks:
        if block["type"] == kind and (pk := block["value"].get(name)):
            yield pk


def _stories_named(blocks: list[dict[str, Any]]) -> Iterator[int]:
    yield from _named(blocks, "story", "story")
    for block in blocks:
        if block["type"] == "picks":
            yield from items(block["value"])


def stories_in(edition: Edition) -> list[int]:
    """Ids of the stories that stand in it, in order."""
    return list(dict.fromkeys(_stories_named(blocks_of(edition))))


def named(edition: Edition) -> set[str]:
    """What its blocks name, whether readers may have it or not, as a takedown names it."""
    blocks = blocks_of(edition)
    stories = {f"story:{pk}" for pk in _stories_named(blocks)}
    briefs = {f"brief:{pk}" for pk in _named(blocks, "brief", "brief")}
    return stories | briefs | {f"picture:{pk}" for pk in _named(blocks, "picture", "picture")}


def items(value: dict[str, Any]) -> list[int]:
    """Of a list block; each item may carry an id of its own."""
    found = (
        item.get("value") if isinstance(item, dict) else item for item in value.get("stories") or ()
    )
    return [pk for pk in found if pk]


def _line(words: object) -> str:
    return " ".join(str(words or "").split())


def _paragraphs(words: str) -> tuple[str, ...]:
    return tuple(filter(None, (_line(line) for line in (words or "").splitlines())))
