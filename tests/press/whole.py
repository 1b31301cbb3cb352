"""A small newsroom in which every kind of page stands, and all of its pages printed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale

from nightdesk.coverage.actions import end_coverage, mark_key, take_in
from nightdesk.fronts.models import EditorsPicks, HomePage, Pick, TopStory
from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author, Desk
from nightdesk.press import dependencies, fragments, pages
from nightdesk.press.printing.printer import CannotPrintError, Printed, Printer
from nightdesk.press.printing.slots import fragment_path
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, StoryPage, StoryRelated, Topic
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_brief, a_picture, a_story
from tests.newsletters.composing import an_edition, sent


@dataclass
class Whole:
    """What the newsroom is made of, by kind, in the order it was made."""

    home: HomePage
    sections: list[SectionPage] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    stories: list[StoryPage] = field(default_factory=list)
    briefs: list = field(default_factory=list)
    pictures: list = field(default_factory=list)


def fill(home: HomePage, stories: int = 14, briefs: int = 45) -> Whole:
    """Two editions, sections, signed stories over some months that lead to each other, briefs,
    newsletters, picks with times, redirects."""
    whole = Whole(home)
    english = home.locale
    ukrainian = Locale.objects.get(language_code="uk")
    other_home = HomePage.objects.get(locale=ukrainian)
    whole.sections = [
        *SectionPage.objects.child_of(home),
        home.add_child(instance=SectionPage(title="World", slug="world", intro="Far off.")),
        home.add_child(instance=SectionPage(title="Quiet", slug="quiet")),
    ]
    abroad = other_home.add_child(
        instance=SectionPage(
            title="Світ",
            slug="svit",
            locale=ukrainian,
            translation_key=whole.sections[1].translation_key,
        )
    )
    whole.pictures = [a_picture(alt) for alt in ("A bridge", "A door", "A face", "A boat")]
    desk = Desk.objects.create(name="Night desk", slug="night", locale=english)
    whole.desks = [desk, Desk.objects.create(name="Day desk", slug="day", locale=english)]
    whole.authors = [
        Author.objects.create(
            name=name, slug=name.lower(), locale=english, desk=desk, portrait=whole.pictures[2]
        )
        for name in ("Ada", "Ben", "Cleo")
    ]
    translated = Author.objects.create(
        name="Ада",
        slug="ada-uk",
        locale=ukrainian,
        translation_key=whole.authors[0].translation_key,
    )
    whole.topics = [
        Topic.objects.create(name=name, slug=name.lower(), locale=english)
        for name in ("Rivers", "Rails", "Rents")
    ]
    now = timezone.now()
    for number in range(stories):
        body = [("text", f"<p>Number {number}.</p>")]
        if number > 2:
            before = whole.stories[-1]
            body = [
                ("text", f'<p>See <a linktype="page" id="{before.pk}">that</a>.</p>'),
                ("related", {"story": whole.stories[-2], "headline": ""}),
                ("related", {"story": None, "headline": "The headline to come"}),
                ("picture", {"picture": whole.pictures[1], "caption": "", "credit": ""}),
            ]
        story = a_story(
            whole.sections[number % 2],
            f"Story {number}",
            at=now - datetime.timedelta(days=11 * (stories - number), minutes=number),
            body=body,
            slug=f"story-{number}",
            signed_by=[whole.authors[number % 2], *([desk] if number % 3 == 0 else [])],
            topics=[whole.topics[number % 2]],
            lead_picture=whole.pictures[0] if number % 2 else None,
            standfirst="What it is about.",
        )
        if number > 4:
            StoryRelated.objects.create(page=story, story=whole.stories[0])
        whole.stories.append(story)
    for story in whole.stories[2:6]:
        correct(story)
    a_story(
        abroad,
        "Та сама історія",
        slug="ta-sama",
        translation_key=whole.stories[3].translation_key,
        signed_by=[translated],
        at=now - datetime.timedelta(days=40),
    )
    for number in range(briefs):
        whole.briefs.append(
            a_brief(
                english,
                f"Brief {number}.",
                published_at=now - datetime.timedelta(hours=3 * (briefs - number)),
                story=whole.stories[number % 5] if number % 4 == 0 else None,
                picture=whole.pictures[3] if number % 6 == 0 else None,
                source="The Example agency",
            )
        )
    whole.briefs[-1].topics.set(whole.topics[:1])
    cover(whole, now)
    a_brief(ukrainian, "Коротко.", published_at=now - datetime.timedelta(hours=1))
    letter = Newsletter.objects.create(
        name="Morning",
        slug="morning",
        locale=english,
        description="All of it.",
        schedule_text="Daily",
        host=whole.authors[2],
        picture=whole.pictures[2],
    )
    first, *_rest = [
        sent(
            an_edition(
                letter,
                ("heading", "Today"),
                ("story", whole.stories[number]),
                ("brief", whole.briefs[-1]),
                ("text", f'<p>And <a linktype="page" id="{whole.stories[0].pk}">that</a>.</p>'),
                ("picture", whole.pictures[1]),
                ("picks", {"heading": "", "count": 2, "stories": [whole.stories[3].pk]}),
                subject=f"Edition {number}",
            ),
            ago=datetime.timedelta(days=10 - number),
        )
        for number in (1, 5, 7)
    ]
    sent(an_edition(letter, ("text", "<p>Not so.</p>"), kind="correction", corrects=first))
    an_edition(letter, ("story", whole.stories[2]), subject="Not yet")
    TopStory.objects.create(page=home, story=whole.stories[1], sort_order=0)
    board = EditorsPicks.objects.get(locale=english)
    Pick.objects.create(board=board, story=whole.stories[2], sort_order=0)
    Pick.objects.create(
        board=board, story=whole.stories[4], sort_order=1, ends_at=now + datetime.timedelta(days=1)
    )
    Redirect.add_redirect("/an-old-address/", redirect_to=whole.stories[5])
    Redirect.add_redirect("/elsewhere/", redirect_to="https://example.org/")
    return whole


def cover(whole: Whole, now: datetime.datetime) -> None:
    """Something is covered as it happens, and something was."""
    flood = a_coverage(
        "The flood",
        at=now - datetime.timedelta(hours=9),
        picture=whole.pictures[0],
        topics=whole.topics[:1],
        signed_by=whole.authors[:1],
        takes_briefs=True,
    )
    for number in range(5):
        an_entry(
            flood,
            f"Update {number}.",
            authors=[whole.desks[0]] if number % 2 else [whole.authors[1]],
            story=whole.stories[number],
            picture=whole.pictures[3] if number == 1 else None,
        )
    take_in(flood.pk, whole.briefs[-2].pk)
    mark_key(flood.entries.first().pk, True)
    end_coverage(a_coverage("The vote", at=now - datetime.timedelta(days=3)).pk)


def correct(story: StoryPage) -> None:
    """Published twice, with other words and a correction the second time."""
    first = StoryPage.objects.get(pk=story.pk)
    first.save_revision().publish()
    story = StoryPage.objects.get(pk=story.pk)
    story.standfirst = "What it is really about."
    story.corrections.add(Correction(words=f"{story.title} said something else."))
    story.save_revision().publish()


@dataclass(frozen=True)
class Seen:
    """What readers get at a path: None when there is nothing."""

    text: bytes | None
    keys: frozenset[str]
    links: frozenset[str] = frozenset()
    until: datetime.datetime | None = None


#: Stands for the moment of asking among what a statement was given.
_NOW = object()


def _moment() -> object:
    return connection.ops.adapt_datetimefield_value(timezone.now())


class Answers:
    """What the database says now, each statement asked once."""

    def __init__(self) -> None:
        self._got: dict[str, str] = {}

    def to(self, questions: list[tuple[str, tuple]]) -> list[str]:
        """The rows of every answer, as text."""
        moment = _moment()
        return [
            self._one(sql, tuple(moment if one is _NOW else one for one in params))
            for sql, params in questions
        ]

    def _one(self, sql: str, params: tuple) -> str:
        name = f"{sql} {params}"
        if name not in self._got:
            with connection.cursor() as cursor:
                cursor.execute(sql, params or None)
                self._got[name] = repr(cursor.fetchall())
        return self._got[name]


class Shop:
    """Prints every page there is, and remembers what was undeclared."""

    def __init__(self, monkeypatch) -> None:
        self.undeclared: dict[str, list[str]] = {}
        #: What the page at a path asked of the database when it was printed, and what it was told.
        self._asked: dict[str, tuple[list[tuple[str, tuple]], list[str]]] = {}
        self._answers = Answers()
        self._printer = Printer()
        self._reads: list[dependencies.Read] = []
        real = dependencies.collecting

        @contextmanager
        def collecting():
            with real() as read:
                self._reads.append(read)
                yield read

        monkeypatch.setattr(dependencies, "collecting", collecting)

    def see(self, path: str) -> Seen:
        """What one path says now."""
        questions: list[tuple[str, tuple]] = []
        moment = _moment()

        def note(execute, sql, params, many, context):
            if sql.startswith("SELECT"):
                params = tuple(params or ())
                questions.append((sql, tuple(_NOW if one == moment else one for one in params)))
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(note):
                printed = self._printer.print(path)
        except CannotPrintError:  # only for some readers, as a private page is
            printed = None
        self._asked[path] = questions, self._answers.to(questions)
        read = self._reads.pop()
        if read.undeclared:
            self.undeclared[path] = read.undeclared
        links = {link for link in printed.links if not _is_live(link)} if printed else set()
        return Seen(_text(printed), frozenset(read.keys), frozenset(links), read.until)

    def everything(
        self, also: Iterable[str] = (), same: dict[str, Seen] | None = None
    ) -> dict[str, Seen]:
        """Every registered path, every fragment and error page, what ``also`` names, and what they
        link to."""
        codes = [code for code, _name in settings.LANGUAGES]
        waiting = {path for _kind, path in pages.all_paths()} | set(also)
        waiting |= {fragment_path(name, code) for name in fragments.names() for code in codes}
        waiting |= {f"error:404:{code}" for code in codes}
        return self.walk(waiting, same)

    def walk(
        self,
        waiting: set[str],
        same: dict[str, Seen] | None = None,
        follow: Callable[[str], bool] = lambda _link: True,
    ) -> dict[str, Seen]:
        """These, and what they link to.

        Of ``same`` only what would be told something else by the database is printed: a page is
        made of the answers that it gets, and to ask for them again costs a tenth of printing it.
        What a page says by the clock or from memory alone, asking nobody, is not seen so.
        """
        self._answers, same = Answers(), same or {}
        found: dict[str, Seen] = {}
        while waiting:
            path = waiting.pop()
            kept = path in same and self._would_be_told_the_same(path)
            found[path] = same[path] if kept else self.see(path)
            waiting |= set(filter(follow, found[path].links)) - found.keys()
        return found

    def _would_be_told_the_same(self, path: str) -> bool:
        questions, answers = self._asked[path]
        return self._answers.to(questions) == answers


def _is_live(path: str) -> bool:
    return path.startswith((*pages.live.prefixes(), "/assets/"))


def _text(printed: Printed | None) -> bytes | None:
    if printed is None:
        return None
    head = f"{printed.status} {sorted(printed.headers)}\n".encode()
    return head + b"".join(
        getattr(piece, "raw", None) or repr(piece).encode() for piece in printed.pieces
    )
