"""Nothing that is not out can be seen by anyone outside, in any state that a story gets into.

A story goes through random edits, publications, schedules, withdrawals, restrictions and moves.
Each edit brings new words into its headline, standfirst, text and address, a new author, topic
and pictures. Afterwards every address that a stranger may try is tried, and only the words of
what is published and free to read may be found there.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from xml.etree import ElementTree

from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import Page, PageViewRestriction

from nightdesk.briefs.models import Brief
from nightdesk.fronts.actions import open_newsroom
from nightdesk.fronts.models import EditorsPicks, Pick, TopStory
from nightdesk.people.models import Author, User
from nightdesk.press import clock
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, StoryRelated, Topic
from tests.making import a_brief, a_picture, a_story, indexed

#: `make faults` asks for the number that the promise names.
EXAMPLES = 500 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 6


@dataclass
class Version:
    """What one edit brought. ``words`` are found nowhere else."""

    number: int
    pictures: list = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        parts = ("headline", "standfirst", "text", "slug", "author", "topic", "alt", "file")
        return [f"kanar{part}{self.number}q" for part in parts]

    @property
    def names(self) -> dict[str, str]:
        return {word[5:].rstrip("q0123456789"): word for word in self.words}


class Newsroom:
    """A newsroom around one story, whose every secret this object knows."""

    ACCOUNT = ("kanaraccountq", "kanarmailq@newsroom.example")

    def __init__(self) -> None:
        self.home = open_newsroom("The Test Post", ["en", "uk"], "News")
        self.section = SectionPage.objects.child_of(self.home).get()
        self.world = self.home.add_child(
            instance=SectionPage(title="World", slug="world", locale=self.home.locale)
        )
        self.owner = User.objects.create_user(*self.ACCOUNT, "x", is_superuser=True)
        self.versions: list[Version] = []
        self.addresses: set[str] = set()
        self.draft = self._version()
        story = StoryPage(owner=self.owner, locale=self.home.locale, live=False)
        self._write(story)
        self.section.add_child(instance=story)
        self.pk = story.pk
        story.save_revision(user=self.owner)
        self.published: Version | None = None
        self.scheduled: Version | None = None
        self._surroundings(story)

    def _surroundings(self, story: StoryPage) -> None:
        """Everything that points at the story: picks, slots, cards, links, a brief."""
        TopStory.objects.create(page=self.home, story=story)
        board = EditorsPicks.objects.get(locale=self.home.locale)
        Pick.objects.create(board=board, story=story)
        self.other = a_story(
            self.section,
            "An open story",
            body=[
                ("text", f'<p>See <a linktype="page" id="{story.pk}">this</a>.</p>'),
                ("related", {"story": story, "headline": ""}),
                ("related", {"story": None, "headline": "Something else"}),
            ],
        )
        StoryRelated.objects.create(page=self.other, story=story)
        self.brief = a_brief(self.home.locale, "A brief.", story=story)

    @property
    def story(self) -> StoryPage:
        return StoryPage.objects.get(pk=self.pk)

    def _version(self) -> Version:
        version = Version(len(self.versions))
        names = version.names
        version.pictures = [
            a_picture(f"{names['alt']} {place}", title=names["file"]) for place in ("lead", "body")
        ]
        self.versions.append(version)
        return version

    def _write(self, story: StoryPage) -> None:
        names, (lead, inside) = self.draft.names, self.draft.pictures
        locale = self.home.locale
        story.title, story.standfirst, story.slug = (
            names["headline"],
            names["standfirst"],
            names["slug"],
        )
        story.lead_picture = lead
        story.body = [
            ("text", f"<p>{names['text']}</p>"),
            ("picture", {"picture": inside, "caption": "", "credit": ""}),
        ]
        author = Author.objects.create(
            name=names["author"], slug=names["author"], locale=locale, portrait=None
        )
        topic = Topic.objects.create(name=names["topic"], slug=names["topic"], locale=locale)
        story.bylines = [StoryByline(author=author)]
        story.topics = [topic]
        self.addresses |= {
            f"/{section.slug}/{names['slug']}/" for section in (self.section, self.world)
        }

    # What may happen to it.

    def edit(self) -> None:
        story = self.story.get_latest_revision_as_object()
        self.draft = self._version()
        self._write(story)
        story.save_revision(user=self.owner)
        if not story.live:
            story.save()

    def publish(self) -> None:
        story = self.story.get_latest_revision_as_object()
        story.go_live_at = story.expire_at = None
        story.save_revision(user=self.owner).publish(user=self.owner)
        self.published = self.draft

    def schedule(self) -> None:
        story = self.story.get_latest_revision_as_object()
        story.go_live_at = timezone.now() + datetime.timedelta(days=2)
        story.save_revision(user=self.owner).publish(user=self.owner)

    def unpublish(self) -> None:
        if self.story.live:
            self.story.unpublish()
        self.published = None

    def expire(self) -> None:
        over = timezone.now() - datetime.timedelta(minutes=1)
        StoryPage.objects.filter(pk=self.pk).update(expire_at=over)
        clock.tick()
        self.published = None

    def restrict_by_password(self) -> None:
        PageViewRestriction.objects.get_or_create(
            page=self.story.page_ptr, restriction_type="password", password="kanarpasswordq"
        )

    def restrict_to_staff(self) -> None:
        PageViewRestriction.objects.get_or_create(
            page=self.story.page_ptr, restriction_type="login"
        )

    def restrict_its_section(self) -> None:
        parent = Page.objects.get(pk=self.story.get_parent().pk)
        PageViewRestriction.objects.get_or_create(page=parent, restriction_type="login")

    def open_up(self) -> None:
        PageViewRestriction.objects.all().delete()

    def move(self) -> None:
        here = self.story.get_parent().pk
        target = self.world if here == self.section.pk else self.section
        self.story.move(SectionPage.objects.get(pk=target.pk), pos="last-child")

    ACTIONS = (
        edit,
        publish,
        schedule,
        unpublish,
        expire,
        restrict_by_password,
        restrict_to_staff,
        restrict_its_section,
        open_up,
        move,
    )

    # What may be seen.

    def secrets(self) -> list[str]:
        """Words that nobody outside may meet now."""
        shown = self.published if self._is_readable() else None
        words = [*self.ACCOUNT, "kanarpasswordq"]
        for version in self.versions:
            if version is not shown:
                words += version.words
                words += [picture.token for picture in version.pictures]
        if shown:
            words.append(shown.names["file"])
        return words

    def _is_readable(self) -> bool:
        return self.published is not None and not self.story.get_view_restrictions().exists()

    def files(self) -> list[tuple[str, bool]]:
        """Every picture file's address, and whether a stranger may have it."""
        shown = self.published if self._is_readable() else None
        return [
            (f"/media/{name}", version is shown)
            for version in self.versions
            for picture in version.pictures
            for name in [*picture.files(), picture.file.name]
        ]

    def all_addresses(self) -> list[str]:
        month = timezone.localtime()
        words = [word for version in self.versions for word in version.words]
        restrictions = PageViewRestriction.objects.values_list("pk", flat=True)
        return [
            *("/", "/uk/", "/news/", "/world/", f"/news/before/{self.pk}/", "/nothing/"),
            *("/archive/", f"/archive/{month:%Y/%m}/", f"/archive/{month:%Y/%m}/before/{self.pk}/"),
            *(f"/authors/{version.names['author']}/" for version in self.versions),
            *(f"/topics/{version.names['topic']}/" for version in self.versions),
            *(f"/search/?q={word}" for word in words),
            *("/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/feeds/news/rss.xml"),
            *("/feeds/world/atom.xml", "/news-feed/rss.xml", "/news-sitemap.xml", "/robots.txt"),
            *("/news-feed/", self.brief.get_absolute_url(), "/newsletters/", self.other.url),
            *(f"/staff/edit-link/?page={self.pk}", f"/admin/pages/{self.pk}/edit/"),
            *(f"/admin/pages/{self.pk}/edit/preview/", f"/admin/pages/{self.pk}/view_draft/"),
            *(f"/_util/authenticate_with_password/{pk}/{self.pk}/" for pk in restrictions),
            *self.addresses,
        ]


def seen(client: Client, address: str) -> str:
    """Everything that a stranger gets from an address: status line, headers and content."""
    response = client.get(address)
    assert response.status_code < 500, address
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{headers}\n{content.decode('utf-8', 'replace')}"


def sitemap_parts(client: Client) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    locations = [element.text for element in root.iter() if element.tag.endswith("}loc")]
    return ["/sitemap.xml", *(location.partition(":8000")[2] for location in locations)]


class EveryState(TestCase):
    @example([Newsroom.edit])
    @example([Newsroom.publish, Newsroom.edit])
    @example([Newsroom.publish, Newsroom.edit, Newsroom.schedule])
    @example([Newsroom.publish, Newsroom.edit, Newsroom.publish, Newsroom.unpublish])
    @example([Newsroom.publish, Newsroom.move, Newsroom.expire, Newsroom.edit])
    @example([Newsroom.publish, Newsroom.move, Newsroom.restrict_its_section])
    @example([Newsroom.publish, Newsroom.edit, Newsroom.publish, Newsroom.restrict_by_password])
    @given(actions=st.lists(st.sampled_from(Newsroom.ACTIONS), min_size=1, max_size=7))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def test_leaks_nothing_at_any_address(self, actions):
        newsroom = Newsroom()
        for action in actions:
            action(newsroom)
        indexed(newsroom.story, newsroom.other, *Brief.objects.all())
        client, secrets = Client(), newsroom.secrets()
        for address in [*newsroom.all_addresses(), *sitemap_parts(client)]:
            text = seen(client, address)
            found = [word for word in secrets if word in text and word not in address]
            assert not found, f"{address} shows {found}"
        for address, public in newsroom.files():
            status = client.get(address).status_code
            master = "/masters/" in address
            assert status == (200 if public and not master else 404), address
