"""What a feed says, whatever its format: the feed itself and its entries.

Nothing here depends on the time of asking: the same stories make the same bytes, so that a
reader who has them is told so (304).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.translation import gettext

from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.coverage.models import Entry as Update
from nightdesk.coverage.models import EntryCorrection as UpdateCorrection
from nightdesk.media.models import Picture
from nightdesk.newsletters.editions import contents
from nightdesk.newsletters.editions.words import in_its_language
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.press.addresses import absolute
from nightdesk.stories.corrections import Correction, CorrectionKind
from nightdesk.stories.models import StoryPage
from nightdesk.syndication.clean_html import clean, in_paragraphs, story_html
from nightdesk.theme import dates

#: Entries in a feed.
LENGTH = 30


class Signer(NamedTuple):
    """Who wrote it: a name and the full address of their page."""

    name: str
    url: str


class Enclosure(NamedTuple):
    """A picture file: full address, bytes, words for those who do not see it."""

    url: str
    length: int
    type: str
    alt: str
    credit: str


@dataclass(frozen=True)
class Entry:
    """One story or brief. ``id`` never changes; ``url`` may. Times are aware."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime.datetime
    updated: datetime.datetime
    language: str
    signers: tuple[Signer, ...] = ()
    categories: tuple[str, ...] = ()
    picture: Enclosure | None = None


@dataclass(frozen=True)
class Feed:
    """``url`` is the feed's own full address, ``home`` the page that shows the same."""

    title: str
    description: str
    language: str
    home: str
    url: str
    id: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def updated(self) -> datetime.datetime:
        """When the newest change in it was made; a fixed moment while it is empty."""
        return max(
            (entry.updated for entry in self.entries),
            default=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
        )


def lasting_id(translation_key: uuid.UUID, language: str) -> str:
    """An id that stays when the address, the site's name and the database change."""
    return uuid.uuid5(translation_key, language).urn


def of_stories(stories: Iterable[StoryPage]) -> list[Entry]:
    return [_of_story(story) for story in stories]


def _of_story(story: StoryPage) -> Entry:
    published = story.first_published_at
    about = [story.section.title] if story.section else []
    about += [topic.name for topic in story.topics.all()]
    return Entry(
        id=lasting_id(story.translation_key, story.locale.language_code),
        url=absolute(story.url),
        title=story.told_headline,
        summary=story.standfirst,
        html=story_html(story),
        published=published,
        updated=max(story.updated_at or published, published),
        language=story.locale.language_code,
        signers=tuple(
            Signer(who.name, absolute(who.get_absolute_url())) for who in story.signed_by
        ),
        categories=tuple(dict.fromkeys(about)),
        picture=enclosure(story.lead_picture),
    )


def of_briefs(briefs: Iterable[Brief]) -> list[Entry]:
    return [_of_brief(brief) for brief in briefs]


def _of_brief(brief: Brief) -> Entry:
    html = brief.html
    if brief.source:
        html += f"<p>{gettext('Source:')} {brief.source}</p>"
    for correction in brief.corrections.all():
        at = " ".join(part(correction.at) for part in (dates.date, dates.time, dates.zone))
        said = gettext("Corrected on %(time)s:") % {"time": at}
        html += f"<p><b>{said}</b> {escape(correction.words)}</p>"
    return Entry(
        id=lasting_id(brief.translation_key, brief.locale.language_code),
        url=absolute(brief.get_absolute_url()),
        title=brief.shown_headline,
        summary="",
        html=clean(html),
        published=brief.published_at,
        updated=brief.updated_at,
        language=brief.locale.language_code,
        categories=tuple(topic.name for topic in brief.topics.all()),
        picture=enclosure(brief.picture),
    )


def of_updates(updates: Iterable[Update]) -> list[Entry]:
    return [_of_update(update) for update in updates]


def _of_update(update: Update) -> Entry:
    said, language = update.said, update.coverage.locale.language_code
    html = update.html
    for row in update.corrections_in_order:
        html += format_html(
            "<aside><p><strong>{}</strong></p>{}</aside>",
            gettext("Corrected"),
            in_paragraphs(row.words),
        )
    if said.source:
        html += format_html("<p>{} {}</p>", gettext("Source:"), said.source)
    return Entry(
        id=lasting_id(update.key, language),
        url=absolute(update.get_absolute_url()),
        title=update.title,
        summary="",
        html=clean(html),
        published=update.published_at,
        updated=update.changed_at,
        language=language,
        signers=tuple(
            Signer(who.name, absolute(who.get_absolute_url())) for who in update.signed_by
        ),
        picture=enclosure(said.picture),
    )


def of_corrections(
    corrections: Iterable[Correction | BriefCorrection | UpdateCorrection],
) -> list[Entry]:
    """Those of stories know them; see `nightdesk.stories.lists.with_stories`."""
    return [_of_correction(correction) for correction in corrections]


def _of_correction(correction: Correction | BriefCorrection | UpdateCorrection) -> Entry:
    kind = CorrectionKind.CORRECTION.label
    if isinstance(correction, Correction):
        story = correction.story
        kind, title = correction.get_kind_display(), story.title
        language = story.locale.language_code
        url, at = absolute(story.url), f"#{correction.anchor}"
        key = uuid.uuid5(correction.key, str(story.translation_key))
    else:
        key, at = correction.key, ""
        if isinstance(correction, BriefCorrection):
            title, language = correction.brief.shown_headline, correction.brief.locale.language_code
            url = absolute(correction.brief.get_absolute_url())
        else:
            update = correction.entry
            title, language = update.title, update.coverage.locale.language_code
            url = absolute(update.get_absolute_url())
    return Entry(
        id=lasting_id(key, language),
        url=f"{url}{at}",
        title=f"{kind}: {title}",
        summary="",
        html=clean(
            format_html('{}<p><a href="{}">{}</a></p>', in_paragraphs(correction.words), url, title)
        ),
        published=correction.at,
        updated=correction.at,
        language=language,
        categories=(str(kind),),
    )


def of_editions(newsletter: Newsletter, editions: Iterable[Edition]) -> list[Entry]:
    """``editions`` are of this newsletter."""
    return [_of_edition(newsletter, edition) for edition in editions]


def _of_edition(newsletter: Newsletter, edition: Edition) -> Entry:
    edition.newsletter = newsletter
    with in_its_language(edition):
        shown = contents.read(edition, editors=False)
        html = render_to_string("newsletters/editions/feed.html", {"parts": shown.parts})
    return Entry(
        id=lasting_id(
            uuid.uuid5(newsletter.translation_key, f"edition {edition.pk}"), newsletter.language
        ),
        url=absolute(edition.get_absolute_url()),
        title=edition.subject,
        summary=edition.preheader,
        html=clean(html),
        published=edition.started_at,
        updated=edition.started_at,
        language=newsletter.language,
    )


def enclosure(picture: Picture | None) -> Enclosure | None:
    """The picture's JPEG for a feed; none for one that is covered on our own pages, or down."""
    if picture is None or picture.sensitive or picture.taken_down:
        return None
    jpegs = [size for size in picture.made if size["format"] == "jpeg"]
    if not jpegs:
        return None
    name = min(jpegs, key=lambda size: abs(size["width"] - 1200))["name"]
    try:
        length = default_storage.size(name)
    except OSError:
        return None
    return Enclosure(
        absolute(default_storage.url(name)), length, "image/jpeg", picture.alt, picture.credit
    )
