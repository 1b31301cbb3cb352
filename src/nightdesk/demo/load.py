"""Fill an open newsroom with the demo one, through the same models as an editor does."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.coverage.models import (
    Coverage,
    CoverageByline,
    Entry,
    EntryByline,
    EntryCorrection,
)
from nightdesk.demo import album, markup, script
from nightdesk.demo.mark import MARK, identity
from nightdesk.fronts.models import EditorsPicks, HomePage, Pick, TopStory
from nightdesk.media.models import Picture
from nightdesk.narration.models import Narration
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.people.models import Author, Desk
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, StoryRelated, Topic
from nightdesk.stories.versions import PublishedVersion

LANGUAGES = ("en", "uk")
_STORY_LINK = re.compile(r'<a href="story:([\w-]+)">')


@transaction.atomic
def load(now: datetime.datetime | None = None, *, keep_dates: bool = False) -> int:
    """Write the demo into every edition this newsroom has; returns how many stories it made.

    ``now`` (aware) is the moment it looks fresh at. Run again, it makes only what is missing.
    ``keep_dates`` leaves the words for dates open, for a seed that is planted later.
    """
    now = timezone.localtime(now)
    made = 0
    for language in LANGUAGES:
        home = HomePage.objects.filter(locale__language_code=language).first()
        if home:
            edition = script.read_edition(language, now, keep_dates=keep_dates)
            made += _Editor(home, edition, album.entries(language)).publish()
    _let_one_be_heard(now)
    return made


def _let_one_be_heard(now: datetime.datetime) -> None:
    """One story of the demo is read aloud at its first start, to show it; the rest when asked.
    Nothing of it is left to chance, so that the ready-made demo is always the same."""
    demo = Narration.objects.filter(story__source_key__startswith=MARK, shown=False)
    lead = StoryPage.readable_in("en").filter(source_key__startswith=MARK).first()
    demo.exclude(story=lead).delete()
    token = hashlib.sha256(f"{MARK} sound".encode()).hexdigest()[:26]
    demo.update(rank=Narration.ARCHIVE, token=token, wanted_at=now, not_before=now)


class _Editor:
    """Writes one language's edition."""

    def __init__(self, home: HomePage, edition: script.Edition, finished: dict) -> None:
        self.home, self.edition, self.finished = home, edition, finished
        self.locale: Locale = home.locale
        self.hung: dict[str, Picture] = {}

    def publish(self) -> int:
        self._people()
        self.sections = {named.slug: self._section(named) for named in self.edition.sections}
        self._drop_empty_sections()
        known = set(
            StoryPage.objects.filter(source_key__startswith=MARK).values_list(
                "source_key", flat=True
            )
        )
        oldest_first = sorted(self.edition.stories.values(), key=lambda story: story.published)
        new = [story for story in oldest_first if self._key(story) not in known]
        self.pages = {story.slug: self._blank(story) for story in new}
        for story in new:
            self._write(story, self.pages[story.slug])
        for story in new:
            self._date(story, self.pages[story.slug])
        if new:
            self._front()
            self._briefs()
            self._coverage()
            self._mailings()
        return len(new)

    def picture(self, slug: str) -> Picture | None:
        """A picture of this edition's own, in its language."""
        if slug not in self.edition.pictures:
            return None
        if slug not in self.hung:
            finished = self.finished[slug]
            found = Picture.objects.filter(token=finished.token).first()
            self.hung[slug] = found or album.hang(self.edition.pictures[slug], finished)
        return self.hung[slug]

    def _named(self, model: type, named: Any, **values: object):  # noqa: ANN202
        thing = model.objects.filter(locale=self.locale, slug=named.slug).first()
        if thing is None:
            key = identity(model.__name__, named.slug)
            thing = model(
                locale=self.locale, slug=named.slug, name=named.name, translation_key=key, **values
            )
            thing.save()
        return thing

    def _people(self) -> None:
        edition = self.edition
        self.desks = {d.slug: self._named(Desk, d, description=d.about) for d in edition.desks}
        self.authors = {
            author.slug: self._named(
                Author,
                author,
                role=author.role,
                desk=self.desks.get(author.desk),
                portrait=self.picture(author.portrait),
                bio="".join(f"<p>{markup.inline(line)}</p>" for line in author.bio),
            )
            for author in edition.authors
        }
        self.topics = {t.slug: self._named(Topic, t, description=t.about) for t in edition.topics}
        for place, letter in enumerate(edition.newsletters):
            self._named(
                Newsletter,
                letter,
                description=letter.description,
                schedule_text=letter.schedule,
                host=self.authors.get(letter.host),
                picture=self.picture(letter.picture),
                order=place,
                welcome_words=letter.welcome,
            )

    def _section(self, named: script.Named) -> SectionPage:
        found = SectionPage.objects.child_of(self.home).filter(slug=named.slug).first()
        if found:
            if not found.intro:
                found.intro = named.about
                found.save()
            return found
        section = SectionPage(
            title=named.name,
            slug=named.slug,
            intro=named.about,
            locale=self.locale,
            translation_key=identity("section", named.slug),
        )
        return self.home.add_child(instance=section)

    def _drop_empty_sections(self) -> None:
        """The section that opening the newsroom made, when the demo has no use for it."""
        ours = [section.pk for section in self.sections.values()]
        for section in SectionPage.objects.child_of(self.home).exclude(pk__in=ours):
            if not section.get_children().exists():
                section.delete()

    def _key(self, story: script.Story) -> str:
        return f"{MARK}{self.locale.language_code}:{story.slug}"[:64]

    def _blank(self, story: script.Story) -> StoryPage:
        """The story without its text, so that others can link to it."""
        page = StoryPage(
            title=story.headline,
            slug=story.slug,
            locale=self.locale,
            live=False,
            source_key=self._key(story),
            translation_key=identity("story", story.slug),
        )
        return self.sections[story.section].add_child(instance=page)

    def _write(self, story: script.Story, page: StoryPage) -> None:
        page.kicker, page.standfirst = story.kicker, story.standfirst
        page.kind, page.dateline = story.kind, story.dateline
        page.lead_picture, page.lead_caption = self.picture(story.picture), story.lead_caption
        page.search_description = story.standfirst
        body = [self._block(block, number, story.slug) for number, block in enumerate(story.body)]
        page.body = body
        page.bylines = [
            StoryByline(author=self.authors.get(who), desk=self.desks.get(who), sort_order=place)
            for place, who in enumerate(story.bylines)
        ]
        page.topics = [self.topics[slug] for slug in story.topics]
        page.related = [
            StoryRelated(story=self.pages[slug], sort_order=place)
            for place, slug in enumerate(story.related)
            if slug in self.pages
        ]
        page.first_published_at = story.published
        if story.earlier:
            page.body = [self._as_first_published(block, story) for block in body]
            page.save_revision().publish()
            page = StoryPage.objects.get(pk=page.pk)
            page.body = body
        page.corrections = [
            Correction(
                key=identity("correction", f"{self.locale.language_code}-{story.slug}-{place}"),
                kind=said.kind,
                words=said.words,
                place=said.place,
                at=story.updated,
            )
            for place, said in enumerate(story.corrections)
        ]
        page.save_revision().publish()

    @staticmethod
    def _as_first_published(block: dict[str, Any], story: script.Story) -> dict[str, Any]:
        if block["type"] != "text":
            return block
        text = block["value"]
        for now, first in story.earlier:
            text = text.replace(now, first)
        return {**block, "value": text}

    def _date(self, story: script.Story, page: StoryPage) -> None:
        last = story.updated or story.published
        StoryPage.objects.filter(pk=page.pk).update(
            updated_at=story.updated, last_published_at=last, latest_revision_created_at=last
        )
        page.revisions.update(created_at=last)
        versions = PublishedVersion.objects.filter(story=page).order_by("number")
        for version, at in zip(versions, (story.published, last), strict=False):
            PublishedVersion.objects.filter(pk=version.pk).update(at=at)
        Correction.objects.filter(page=page).update(published_at=story.updated)

    def _block(self, block: markup.Block, number: int, slug: str) -> dict[str, Any]:
        kind, value = self._kind_and_value(block)
        return {"type": kind, "value": value, "id": str(identity("block", f"{slug}-{number}"))}

    def _kind_and_value(self, block: markup.Block) -> tuple[str, Any]:
        match block:
            case markup.Text():
                return "text", self._links(block.html)
            case markup.Quote():
                return "quote", {
                    "text": block.text,
                    "speaker": block.speaker,
                    "role": block.role,
                    "source": block.source,
                }
            case markup.PictureHere():
                picture = self.picture(block.slug)
                assert picture, block.slug
                return "picture", {"picture": picture.pk, "caption": block.caption, "credit": ""}
            case markup.FactBox():
                return "fact_box", {"title": block.title, "text": self._links(block.html)}
            case markup.Embed():
                return "embed", {"url": block.url, "title": block.title}
            case markup.Related():
                page = self.pages.get(block.slug)
                return "related", {"story": page.pk if page else None, "headline": ""}
            case markup.Table():
                return "table", {
                    "data": [list(row) for row in block.rows],
                    "cell": [],
                    "first_row_is_table_header": True,
                    "first_col_is_header": False,
                    "table_header_choice": "row",
                    "table_caption": "",
                }
        raise TypeError(f"No block of a story is made from {block!r}.")

    def _links(self, html: str) -> str:
        """Links between the demo's stories follow the story, not its address of today."""

        def linked(found: re.Match[str]) -> str:
            page = self.pages.get(found[1])
            return f'<a linktype="page" id="{page.pk}">' if page else "<a>"

        return _STORY_LINK.sub(linked, html)

    def _front(self) -> None:
        # Read again: adding and dropping sections changed its place in the tree since.
        self.home = HomePage.objects.get(pk=self.home.pk)
        self.home.top_stories = [
            TopStory(story=self.pages[slug], sort_order=place)
            for place, slug in enumerate(self.edition.top[:3])
            if slug in self.pages
        ]
        self.home.title = self.edition.name
        self.home.search_description = self.edition.tagline
        self.home.save_revision().publish()
        board, _made = EditorsPicks.objects.get_or_create(locale=self.locale)
        board.picks = [
            Pick(story=self.pages[slug], sort_order=place)
            for place, slug in enumerate(self.edition.picks)
            if slug in self.pages
        ]
        board.save()

    def _briefs(self) -> None:
        """Oldest first, so that ids follow time as they do in a newsroom's life."""
        for number, brief in sorted(
            enumerate(self.edition.briefs), key=lambda item: item[1].published
        ):
            key = identity("brief", f"{self.locale.language_code}-{number}")
            if Brief.objects.filter(translation_key=key, locale=self.locale).exists():
                continue
            row = Brief(
                locale=self.locale,
                translation_key=key,
                text=brief.text,
                headline=brief.headline,
                source=brief.source,
                story=self.pages.get(brief.story),
                published_at=brief.published,
                first_published_at=brief.published,
            )
            row.save()
            row.topics.set([self.topics[slug] for slug in brief.topics if slug in self.topics])

    def _coverage(self) -> None:
        """After the briefs, some of which stand in it."""
        for told in self.edition.coverage:
            key = identity("coverage", told.slug)
            if Coverage.objects.filter(key=key).exists():
                continue
            points = "".join(f"<li>{markup.inline(point)}</li>" for point in told.summary)
            coverage = Coverage(
                locale=self.locale,
                translation_key=identity("coverage", told.translates or told.slug),
                key=key,
                slug=told.slug,
                headline=told.headline,
                standfirst=told.standfirst,
                summary=f"<ul>{points}</ul>",
                picture=self.picture(told.picture),
                takes_briefs=told.takes_briefs,
                started_at=told.started,
                first_published_at=told.started,
            )
            coverage.topics = [self.topics[slug] for slug in told.topics]
            coverage.bylines = [
                CoverageByline(**self._who(slug), sort_order=place)
                for place, slug in enumerate(told.bylines)
            ]
            coverage.save()
            oldest_first = sorted(enumerate(told.entries), key=lambda item: item[1].published)
            for number, entry in oldest_first:
                self._entry(coverage, identity("entry", f"{told.slug}-{number}"), entry)

    def _entry(self, coverage: Coverage, key: uuid.UUID, told: script.Entry) -> None:
        brief = Brief.objects.filter(locale=self.locale, headline=told.brief).first()
        entry = Entry(
            coverage=coverage,
            key=key,
            text=told.text,
            headline=told.headline,
            source=told.source,
            story=self.pages.get(told.story),
            picture=self.picture(told.picture),
            brief=brief if told.brief else None,
            published_at=brief.published_at if told.brief and brief else told.published,
            first_published_at=told.published,
            pinned=told.pinned,
            is_key=told.key,
        )
        entry.bylines = [
            EntryByline(**self._who(slug), sort_order=place)
            for place, slug in enumerate(told.bylines)
        ]
        entry.save()
        if told.correction:
            words, at = told.correction
            EntryCorrection.objects.create(
                entry=entry, key=identity("correction", str(key)), words=words, at=at
            )

    def _who(self, slug: str) -> dict[str, Author | Desk]:
        if slug in self.authors:
            return {"author": self.authors[slug]}
        return {"desk": self.desks[slug]}

    def _mailings(self) -> None:
        """Past editions of newsletters and drafts of the next, the oldest first."""
        letters = {row.slug: row for row in Newsletter.objects.filter(locale=self.locale)}
        later = max(story.published for story in self.edition.stories.values())
        in_order = sorted(enumerate(self.edition.mailings), key=lambda item: item[1].sent or later)
        for number, mailing in in_order:
            letter = letters.get(mailing.newsletter)
            if letter is None:
                continue
            at = mailing.sent or later
            edition = Edition(
                newsletter=letter,
                subject=mailing.subject,
                preheader=mailing.preheader,
                created_at=at,
                changed_at=at,
            )
            if mailing.sent:
                edition.state, edition.total = Edition.State.FINISHED, 0
                edition.started_at = edition.finished_at = at
            blocks: list[tuple[str, Any]] = [("text", mailing.text)]
            blocks += [
                ("story", {"story": page.pk, "headline": "", "words": "", "picture": place == 0})
                for place, slug in enumerate(mailing.stories)
                if (page := self.pages.get(slug))
            ]
            if not mailing.sent:
                blocks.append(("picks", {"heading": "", "count": 3, "stories": []}))
            raw = [
                {"type": kind, "value": value, "id": str(identity("mailing", f"{number}-{place}"))}
                for place, (kind, value) in enumerate(blocks)
            ]
            edition.body = edition.body.stream_block.to_python(raw)
            edition.save()
