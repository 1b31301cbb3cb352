"""What may become of a story, a brief or an update of a coverage, done as the admin does it, and what of it is public then.

Each life follows two things beside the database: which version was last written, and which one
readers may meet. What the database says is never asked for the second.
"""

from __future__ import annotations

import datetime
from contextlib import suppress
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Comment, Page, PageViewRestriction

from nightdesk.briefs.models import Brief
from nightdesk.checking.actions import share
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.people.models import Author
from nightdesk.stories.actions import lift_embargo
from nightdesk.stories.corrections import Correction
from nightdesk.stories.embargo import UnderEmbargo
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, Topic
from tests.coverage.making import a_coverage
from tests.making import a_picture

from .words import BRIEF, STORY, Version

if TYPE_CHECKING:
    from .newsroom import Newsroom

DAY = datetime.timedelta(days=1)


class Life:
    """``published``: the version that was let out and not taken back, restricted or not."""

    ACTIONS: tuple[str, ...] = ()

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.published: Version | None = None
        self.scheduled: Version | None = None
        self.ends = False
        self.deleted = False
        #: What anyone could read since it was last taken from readers, the oldest first.
        self.history: list[Version] = []

    def do(self, action: str) -> None:
        if not self.deleted:
            getattr(self, action)()

    def shown(self) -> Version | None:
        """The version that anyone may read now."""
        raise NotImplementedError

    def days_pass(self) -> None:
        """Called after the clock has ticked, days later."""
        if self.scheduled:
            self.published, self.scheduled = self.scheduled, None
            self.told()
        if self.ends:
            self.published, self.ends = None, False
            self.history = []

    def told(self) -> None:
        """Called when a version is let out."""

    def taken_back(self) -> None:
        self.published = self.scheduled = None
        self.ends = False
        self.history = []


class StoryLife(Life):
    ACTIONS = (
        *("edit", "publish", "publish", "publish_for_a_day", "schedule", "unpublish", "delete"),
        *("restrict_by_password", "restrict_to_staff", "restrict_to_a_group"),
        *("restrict_its_section", "open_up", "move", "copy", "alias", "translate"),
        *("rename_author", "rename_picture", "comment", "embargo", "lift", "share"),
    )

    def __init__(self, newsroom: Newsroom, page: StoryPage | None = None) -> None:
        super().__init__(newsroom)
        self.draft = newsroom.version(STORY)
        if page is None:
            page = StoryPage(owner=newsroom.owner, locale=newsroom.home.locale, live=False)
            self._write(page)
            newsroom.section.add_child(instance=page)
            page.save_revision(user=newsroom.owner)
        self.pk = page.pk

    @property
    def page(self) -> StoryPage:
        return StoryPage.objects.get(pk=self.pk)

    def shown(self) -> Version | None:
        if self.deleted or self.published is None:
            return None
        return None if self.page.get_view_restrictions().exists() else self.published

    def address(self) -> str:
        return self.page.url

    def told(self) -> None:
        """What only some may read is no part of what anyone could."""
        if self.page.get_view_restrictions().exists():
            self.history = []
        elif self.published not in self.history[-1:]:
            self.history.append(self.published)

    # The verbs.

    def edit(self) -> None:
        story = self.page.get_latest_revision_as_object()
        self.draft = self.newsroom.version(STORY)
        self._write(story)
        story.save_revision(user=self.newsroom.owner)
        if not story.live:
            story.save()

    def publish(self, until: datetime.datetime | None = None) -> None:
        if self._let_out(go_live_at=None, expire_at=until):
            self.published, self.scheduled, self.ends = self.draft, None, until is not None
            self.told()

    def publish_for_a_day(self) -> None:
        self.publish(timezone.now() + DAY)

    def schedule(self) -> None:
        if self._let_out(go_live_at=timezone.now() + DAY, expire_at=None):
            self.scheduled = self.draft

    def _let_out(self, **moments: datetime.datetime | None) -> bool:
        """Whether it is let out; an embargo refuses."""
        story = self.page.get_latest_revision_as_object()
        for name, moment in moments.items():
            setattr(story, name, moment)
        revision = story.save_revision(user=self.newsroom.owner)
        with suppress(UnderEmbargo), transaction.atomic():
            revision.publish(user=self.newsroom.owner)
            return True
        return False

    def embargo(self) -> None:
        story = self.page.get_latest_revision_as_object()
        story.embargo_until = timezone.now() + 2 * DAY
        story.save_revision(user=self.newsroom.owner)

    def lift(self) -> None:
        lift_embargo(self.page, self.newsroom.owner, "kanarreasonq")

    def share(self) -> None:
        _link, token = share(self.page, self.newsroom.owner, 14 * DAY, "kanarforwhomq")
        self.newsroom.shared[token] = self.draft

    def unpublish(self) -> None:
        if self.page.live:
            self.page.unpublish(user=self.newsroom.owner)
            self.taken_back()

    def delete(self) -> None:
        self.newsroom.addresses.add(self.address())
        self.page.delete()
        self.deleted = True
        self.taken_back()

    def restrict_by_password(self) -> None:
        self._restrict(self.page.page_ptr, "password", password="kanarpasswordq")

    def restrict_to_staff(self) -> None:
        self._restrict(self.page.page_ptr, "login")

    def restrict_to_a_group(self) -> None:
        restriction = self._restrict(self.page.page_ptr, "groups")
        restriction.groups.add(Group.objects.get_or_create(name="kanargroupq")[0])

    def restrict_its_section(self) -> None:
        self._restrict(Page.objects.get(pk=self.page.get_parent().pk), "login")

    def _restrict(self, page: Page, kind: str, **details: str) -> PageViewRestriction:
        made = PageViewRestriction.objects.get_or_create(
            page=page, restriction_type=kind, **details
        )[0]
        self._forget_what_is_restricted()
        return made

    def _forget_what_is_restricted(self) -> None:
        for life in self.newsroom.lives:
            if life.history and life.page.get_view_restrictions().exists():
                life.history = []

    def open_up(self) -> None:
        for restriction in PageViewRestriction.objects.all():
            restriction.delete()

    def move(self) -> None:
        self.newsroom.addresses.add(self.address())
        self.page.move(self._elsewhere(), pos="last-child", user=self.newsroom.owner)
        self._forget_what_is_restricted()

    def _elsewhere(self) -> SectionPage:
        here = self.page.get_parent().pk
        sections = SectionPage.objects.filter(locale=self.page.locale, live=True)
        return sections.exclude(pk=here).first() or SectionPage.objects.get(pk=here)

    def copy(self) -> None:
        """With its history, live where this one is, at an address of its own."""
        slug, made = self.newsroom.word("copy"), None
        with suppress(UnderEmbargo), transaction.atomic():
            made = self.page.copy(
                to=self._elsewhere(), update_attrs={"slug": slug}, user=self.newsroom.owner
            )
        if made is None:
            return
        twin = StoryLife.__new__(type(self))
        Life.__init__(twin, self.newsroom)
        twin.pk, twin.draft, twin.ends = made.pk, self.draft.at(slug), self.ends
        twin.published = self.published and self.published.at(slug)
        if twin.published:
            twin.told()
        self.newsroom.join(twin)

    def alias(self) -> None:
        self.newsroom.join(Alias(self))

    def translate(self) -> None:
        other = self.newsroom.ukrainian
        if self.page.locale_id == other.pk or self.page.has_translation(other):
            return
        if not self.page.get_parent().has_translation(other):
            return  # the admin translates a section first
        made = self.page.copy_for_translation(other)
        life = StoryLife(self.newsroom, made)
        life.edit()
        self.newsroom.join(life)

    def rename_author(self) -> None:
        """Of the published version, else of the draft; at once, as authors have no drafts."""
        version = self.published or self.draft
        author = Author.objects.get(slug=version["author"])
        author.name = author.slug = version.words["author"] = self.newsroom.word("renamed")
        author.save()

    def rename_picture(self) -> None:
        version = self.published or self.draft
        picture = version.pictures["lead"]
        picture.alt = version.words["alt"] = self.newsroom.word("described")
        picture.save()

    def comment(self) -> None:
        """Editors talk to each other beside the text."""
        Comment.objects.create(
            page=self.page, user=self.newsroom.owner, text="kanarcommentq", contentpath="title"
        )

    def _write(self, story: StoryPage) -> None:
        """Put the words and pictures of the draft into the story."""
        words, locale = self.draft, story.locale
        lead = a_picture(words["alt"], caption=words["caption"], credit=words["credit"])
        inside = a_picture(words["inside"], credit=words["insidecredit"])
        portrait = a_picture(words["portrait"])
        words.pictures = {"lead": lead, "inside": inside, "portrait": portrait}
        for picture in words.pictures.values():
            picture.title, picture.description = words.never
            picture.save()
        story.title, story.slug = words["headline"], words["slug"]
        story.kicker, story.standfirst = words["kicker"], words["standfirst"]
        story.dateline, story.lead_caption = words["dateline"], words["lead"]
        story.seo_title, story.search_description = words["seo"], words["summary"]
        story.lead_picture = lead
        story.body = [
            ("text", f"<h2>{words['text']}</h2><p>{words['text']}</p>"),
            ("picture", {"picture": inside, "caption": "", "credit": ""}),
            ("quote", {"text": words["quote"], "speaker": words["speaker"], "role": ""}),
            ("fact_box", {"title": words["fact"], "text": f"<p>{words['fact']}</p>"}),
            ("table", {"data": [[words["cell"]]]}),
            ("embed", {"url": f"https://{words['embed']}.example/", "title": words["embed"]}),
        ]
        author = Author.objects.create(
            name=words["author"],
            slug=words["author"],
            role=words["role"],
            bio=f"<p>{words['bio']}</p>",
            portrait=portrait,
            locale=locale,
        )
        topic = Topic.objects.create(
            name=words["topic"],
            slug=words["topic"],
            description=words["topicabout"],
            locale=locale,
        )
        story.bylines = [StoryByline(author=author)]
        story.topics = [topic]
        story.corrections = [Correction(words=words["correction"])]


class Alias(Life):
    """The same story in a second place: what it shows, and to whom, follows the first."""

    ACTIONS = ("move", "restrict_its_section", "delete", "open_up")

    def __init__(self, source: StoryLife) -> None:
        super().__init__(source.newsroom)
        self.source = source
        self.slug = self.newsroom.word("alias")
        self.pk = source.page.create_alias(
            parent=source._elsewhere(), update_slug=self.slug, user=self.newsroom.owner
        ).pk

    page = StoryLife.page
    address = StoryLife.address
    move, open_up, _elsewhere = StoryLife.move, StoryLife.open_up, StoryLife._elsewhere
    restrict_its_section = StoryLife.restrict_its_section
    _restrict = StoryLife._restrict
    _forget_what_is_restricted = StoryLife._forget_what_is_restricted
    delete = StoryLife.delete

    def shown(self) -> Version | None:
        if self.deleted or self.page.get_view_restrictions().exists():
            return None
        version = self._last if self.source.deleted else self.source.published
        return version and version.at(self.slug)

    @property
    def _last(self) -> Version | None:
        """A source that is deleted leaves its aliases as they were."""
        return self.newsroom.left_behind.get(self.source.pk)

    def days_pass(self) -> None:
        """Its source's time is its own."""


class BriefLife(Life):
    ACTIONS = ("edit", "publish", "publish", "schedule", "unpublish", "date_ahead", "delete")

    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(newsroom)
        self.draft = newsroom.version(BRIEF)
        self.ahead = False
        brief = Brief(locale=newsroom.home.locale, live=False)
        self._write(brief)
        brief.save()
        brief.save_revision(user=newsroom.owner)
        self.pk = brief.pk

    @property
    def brief(self) -> Brief:
        return Brief.objects.get(pk=self.pk)

    def shown(self) -> Version | None:
        return None if self.deleted or self.ahead else self.published

    def address(self) -> str:
        return f"/news-feed/{self.pk}/"

    def edit(self) -> None:
        brief = self.brief.get_latest_revision_as_object()
        self.draft = self.newsroom.version(BRIEF)
        self._write(brief)
        brief.save_revision(user=self.newsroom.owner)
        if not brief.live:
            brief.save()

    def publish(self) -> None:
        self._let_out(published_at=timezone.now(), go_live_at=None, expire_at=None)
        self.published, self.scheduled, self.ahead = self.draft, None, False

    def date_ahead(self) -> None:
        """Published with a time that is still to come: it appears then."""
        self._let_out(published_at=timezone.now() + DAY, go_live_at=None, expire_at=None)
        self.published, self.scheduled, self.ahead = self.draft, None, True

    def schedule(self) -> None:
        self._let_out(published_at=timezone.now(), go_live_at=timezone.now() + DAY)
        self.scheduled = self.draft

    def _let_out(self, **fields: datetime.datetime | None) -> None:
        brief = self.brief.get_latest_revision_as_object()
        for name, value in fields.items():
            setattr(brief, name, value)
        brief.save_revision(user=self.newsroom.owner).publish(user=self.newsroom.owner)

    def unpublish(self) -> None:
        if self.brief.live:
            self.brief.unpublish(user=self.newsroom.owner)
            self.taken_back()

    def delete(self) -> None:
        self.brief.delete()
        self.deleted = True
        self.taken_back()

    def days_pass(self) -> None:
        super().days_pass()
        self.ahead = False

    def _write(self, brief: Brief) -> None:
        words = self.draft
        picture = a_picture(words["alt"], caption=words["caption"], credit=words["credit"])
        picture.title = words.never[0]
        picture.save()
        words.pictures = {"lead": picture}
        brief.headline, brief.text = words["headline"], words["text"]
        brief.source, brief.source_url = words["source"], f"https://{words['link']}.example/"
        brief.picture = picture


class EntryLife(BriefLife):
    """An update of a coverage, which may be withdrawn around it. ``brief`` is the update."""

    ACTIONS = (*BriefLife.ACTIONS, "hide", "show")

    def __init__(self, newsroom: Newsroom) -> None:
        Life.__init__(self, newsroom)
        self.draft = newsroom.version(BRIEF)
        self.ahead = self.hidden = False
        self.coverage = a_coverage("An event")
        entry = Entry(coverage=self.coverage, live=False)
        self._write(entry)
        entry.save()
        entry.save_revision(user=newsroom.owner)
        self.pk = entry.pk

    @property
    def brief(self) -> Entry:
        return Entry.objects.get(pk=self.pk)

    def shown(self) -> Version | None:
        return None if self.hidden else super().shown()

    def address(self) -> str:
        return f"{self.coverage.get_absolute_url()}{self.pk}/"

    def hide(self) -> None:
        Coverage.objects.get(pk=self.coverage.pk).unpublish(user=self.newsroom.owner)
        self.hidden = True

    def show(self) -> None:
        coverage = Coverage.objects.get(pk=self.coverage.pk)
        coverage.get_latest_revision().publish(user=self.newsroom.owner)
        self.hidden = False
