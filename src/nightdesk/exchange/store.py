"""Writes what was found into the newsroom, as if an editor had published it back then.

One story is one transaction. A second import of the same source changes nothing, whatever an editor
did to the story since.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.signals import page_published, published

from nightdesk.fronts.models import HomePage
from nightdesk.kernel.text import fold
from nightdesk.people.models import Desk
from nightdesk.press import together
from nightdesk.press.addresses import absolute
from nightdesk.press.withdrawals import WithdrawnError
from nightdesk.stories.history import keep_version
from nightdesk.stories.models import RESERVED_SLUGS, SectionPage, StoryByline, StoryPage

from .found import FoundPicture, FoundStory, FoundText
from .known_names import KnownNames
from .protected import without_protected
from .stream import stream_of
from .tidy_html import plain
from .unreadable import SourceUnreadable

_LONGEST = {"title": 255, "standfirst": 500, "slug": 100}
_TRIES = 3


class Became(StrEnum):
    """What became of one story."""

    PUBLISHED = "Published"
    DRAFT = "Draft"
    ALREADY_HERE = "Already here"


@dataclass(frozen=True)
class Outcome:
    """One story after the import: `url` is public for published stories, else the editor's."""

    became: Became
    story: StoryPage
    url: str
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Store:
    """Keeps stories for one import. `zone` is that of times without one."""

    def __init__(self, *, zone: str = "", as_draft: bool = False) -> None:
        self.zone = ZoneInfo(zone or settings.TIME_ZONE)
        self.as_draft = as_draft
        self._names: dict[str, KnownNames] = {}

    def keep(self, found: FoundStory, pictures: dict[str, int] | None = None) -> Outcome:
        """Write one story in one transaction, or find it there already.

        Raises `SourceUnreadable` for a story that the newsroom's own rules refuse.
        `pictures` gives the ids of those pictures of it that are in the library, by their address.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                with transaction.atomic():
                    together.beside_others()
                    return self._keep(found, pictures or {})
            except IntegrityError:  # somebody else wrote the same name or place meanwhile
                self.forget()
                if attempt == _TRIES:
                    raise
            except ValidationError as error:
                self.forget()
                raise SourceUnreadable(f"it cannot be kept: {' '.join(error.messages)}") from None
            except WithdrawnError as refused:
                self.forget()
                raise SourceUnreadable(f"it cannot be kept: {refused}") from None
            except BaseException:
                self.forget()
                raise
        raise AssertionError("unreachable")

    def forget(self) -> None:
        """After a transaction was undone: read authors, desks, topics and sections anew."""
        self._names.clear()

    def added(self) -> list[Model]:
        """Authors, desks, topics and sections that were added since this was asked last."""
        return [row for names in self._names.values() for row in names.take_added()]

    def _keep(self, found: FoundStory, pictures: dict[str, int]) -> Outcome:
        names, language_note = self._edition(found.language)
        moment = self._moment(found.published)
        found = _fitted(found)
        key = source_key(found)
        if here := _already_here(found, key, moment, names):
            return Outcome(Became.ALREADY_HERE, here, _address(here))
        found, protected_note = without_protected(found, names.locale)
        notes = [*language_note, *found.notes, *self._zone_note(found), *protected_note]
        section = names.section(found.section)
        if fold(found.section) not in {"", fold(section.title), fold(section.slug)}:
            notes.append(f'there is no section "{found.section}"')
        left_out = sum(isinstance(p, FoundPicture) and p.url not in pictures for p in found.body)
        left_out += bool(found.picture and found.picture.url not in pictures)
        if left_out:
            notes.append(f"pictures left out, add them by hand: {left_out}")
        story = self._story(found, key, moment, names, pictures)
        story.live = not (found.doubts or self.as_draft)
        _add(story, section)
        became = Became.PUBLISHED if story.live else Became.DRAFT
        return Outcome(became, story, _address(story), tuple(notes), found.doubts)

    def _story(
        self,
        found: FoundStory,
        key: str,
        moment: datetime | None,
        names: KnownNames,
        pictures: dict[str, int],
    ) -> StoryPage:
        """Not yet saved. Its date stays when an editor publishes a draft later."""
        story = StoryPage(
            title=found.headline,
            slug=found.slug or found.headline,
            locale=names.locale,
            standfirst=found.standfirst,
            body=stream_of(found.body, pictures),
            first_published_at=None if _is_future(moment) else moment,
            updated_at=self._moment(found.updated),
            source_key=key,
            lead_picture_id=pictures.get(found.picture.url) if found.picture else None,
            lead_caption=found.picture.caption[:500] if found.picture else "",
        )
        for place, byline in enumerate(found.bylines):
            who = names.who(byline)
            kind = {"desk" if isinstance(who, Desk) else "author": who}
            story.bylines.add(StoryByline(sort_order=place, **kind))
        story.topics.set({topic.pk: topic for topic in map(names.topic, found.topics)}.values())
        return story

    def _edition(self, language: str) -> tuple[KnownNames, list[str]]:
        """The edition in the story's language; the main one, and a note, when there is none."""
        main = settings.LANGUAGES[0][0]
        wanted = language if language in dict(settings.LANGUAGES) else main
        if wanted not in self._names:
            home = HomePage.objects.filter(locale__language_code=wanted).first()
            if home is None and wanted != main:
                wanted = main
            if wanted not in self._names:
                home = HomePage.objects.select_related("locale").get(locale__language_code=wanted)
                self._names[wanted] = KnownNames(home)
        note = (
            [f"there is no edition in its language ({language})"]
            if language not in {"", wanted}
            else []
        )
        return self._names[wanted], note

    def _moment(self, when: datetime | date | None) -> datetime | None:
        """An aware moment; a bare day is its noon, so that no reader's zone moves it to another."""
        if when is None:
            return None
        if not isinstance(when, datetime):
            when = datetime.combine(when, time(12))
        return when if when.tzinfo else when.replace(tzinfo=self.zone)

    def _zone_note(self, found: FoundStory) -> list[str]:
        if found.published is None or found.zone_given:
            return []
        return [f"its time has no zone: taken as {self.zone.key}"]


def _add(story: StoryPage, section: SectionPage) -> None:
    """Save a story with its first revision, live or as a draft.

    What publishing it sets in motion follows as after Wagtail's own action, which would first save
    a draft and then read it back: three times the work, for a page that is new anyway.
    """
    story.slug = _free_slug(section, story.slug)
    story.has_unpublished_changes = not story.live
    if story.live:
        story.last_published_at = timezone.now()
    section.add_child(instance=story)
    revision = story.save_revision(clean=False, changed=not story.live)
    if story.live:
        story.live_revision = revision
        StoryPage.objects.filter(pk=story.pk).update(live_revision=revision)
        log(instance=story, action="wagtail.publish", revision=revision)
        keep_version(story, story.updated_at or story.first_published_at or story.last_published_at)
        page_published.send(sender=StoryPage, instance=story, revision=revision)
        published.send(sender=StoryPage, instance=story, revision=revision)


def source_key(found: FoundStory) -> str:
    """What a source is recognised by: 64 letters. The zone is no part of it, nor the file's name."""
    identity = found.identity
    if not identity:
        day = found.published.isoformat() if found.published else ""
        first = next((plain(part.html) for part in found.body if isinstance(part, FoundText)), "")
        identity = f"{fold(found.headline)} {day or first[:200]}"
    return hashlib.sha256(identity.encode()).hexdigest()


def _already_here(
    found: FoundStory, key: str, moment: datetime | None, names: KnownNames
) -> StoryPage | None:
    """The story made from this source, or one of the same headline and minute."""
    here = StoryPage.objects.filter(source_key=key).first()
    if here is None and moment:
        same = StoryPage.objects.filter(headline_key=fold(found.headline)[:255])
        here = same.filter(first_published_at=moment, locale=names.locale).first()
    return here


def _fitted(found: FoundStory) -> FoundStory:
    """The story with a headline and nothing longer than its place; what was cut is a doubt."""
    doubts = list(found.doubts)
    headline = found.headline
    if not headline:
        words = next((plain(part.html) for part in found.body if isinstance(part, FoundText)), "")
        headline = " ".join(words.split()[:8]) + "…" if words else "…"
    if len(headline) > _LONGEST["title"]:
        doubts.append("its headline is too long and was cut")
        headline = headline[: _LONGEST["title"] - 1] + "…"
    standfirst = found.standfirst
    if len(standfirst) > _LONGEST["standfirst"]:
        doubts.append("its standfirst is too long and was cut")
        standfirst = standfirst[: _LONGEST["standfirst"] - 1] + "…"
    return replace(found, headline=headline, standfirst=standfirst, doubts=tuple(doubts))


def _free_slug(section: SectionPage, wanted: str) -> str:
    """The last part of the address, from the old one or the headline; numbered when taken."""
    words = slugify(wanted, allow_unicode=True)[: _LONGEST["slug"]].strip("-_")
    if not words or words in RESERVED_SLUGS:
        words = f"story-{words}".rstrip("-")
    siblings = section.get_children().filter(slug__startswith=words)
    taken = set(siblings.values_list("slug", flat=True))
    numbered = (f"{words}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (words, *numbered) if slug not in taken)


def _is_future(when: datetime | None) -> bool:
    return bool(when) and when > datetime.now(when.tzinfo)


def _address(story: StoryPage) -> str:
    """Where readers find it; for a draft, where editors do."""
    if not story.live:
        return absolute(f"/admin/pages/{story.pk}/edit/")
    parts = story.get_url_parts()
    return absolute(parts[2] if parts else story.url or "/")
