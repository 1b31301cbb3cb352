"""A newsroom whose every secret is known."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable

import time_machine
from django.conf import settings
from wagtail.documents.models import Document
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.fronts.actions import open_newsroom
from nightdesk.fronts.models import EditorsPicks, Pick, TopStory
from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author, User
from nightdesk.press import clock
from nightdesk.stories.models import SectionPage, StoryPage, StoryRelated
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_brief, a_picture, a_story, indexed

from .lives import Alias, BriefLife, EntryLife, Life, StoryLife
from .words import COMPARED, Version

#: No word of one newsroom is found in another, so what is left of an earlier one is seen.
_numbers = itertools.count(1)


class Newsroom:
    """``lives`` are what the test is about; around them stands all that may point at them.

    ``let_out``: words of everything that was ever published, to all or to some.
    """

    #: Words that are never public: accounts, passwords, groups, drafts of other things.
    NEVER = (
        *("kanaraccountq", "kanarmailq", "kanarfirstq", "kanarlastq", "kanarpasswordq"),
        *("kanargroupq", "kanarcommentq", "kanarletterq", "kanarhostq", "kanarlettertextq"),
        *("kanarreasonq", "kanarforwhomq", "kanareventq", "kanarcoveredq", "kanarknownq"),
        *("kanarsectionq", "kanarintroq", "kanardocumentq", "kanarlonelyq", "kanarlonelyaltq"),
    )

    def __init__(
        self, traveller: time_machine.Traveller, stories: int, briefs: int, entries: int = 0
    ) -> None:
        self._traveller = traveller
        self.versions: list[Version] = []
        self.given: set[str] = set()
        self.let_out: set[str] = set()
        self.addresses: set[str] = set()
        #: What was shared for checking, by its token.
        self.shared: dict[str, Version] = {}
        self.left_behind: dict[int, Version | None] = {}
        self.lives: list[Life] = []
        self.home = open_newsroom("The Test Post", ["en", "uk"], "News")
        self.ukrainian = Locale.objects.get(language_code="uk")
        self.section = SectionPage.objects.child_of(self.home).get()
        self.world = self.home.add_child(
            instance=SectionPage(title="World", slug="world", locale=self.home.locale)
        )
        self.section.copy_for_translation(self.ukrainian).save_revision().publish()
        self.owner = User.objects.create_user(
            "kanaraccountq",
            "kanarmailq@newsroom.example",
            "kanarpasswordq",
            first_name="kanarfirstq",
            last_name="kanarlastq",
            is_superuser=True,
        )
        for _number in range(stories):
            self.join(StoryLife(self))
        for _number in range(briefs):
            self.join(BriefLife(self))
        for _number in range(entries):
            self.join(EntryLife(self))
        self._secrets_of_other_kinds()
        self._surroundings()

    def version(self, parts: tuple[str, ...]) -> Version:
        made = Version.of(next(_numbers), parts)
        self.versions.append(made)
        self.given |= {*made.words.values(), *made.never}
        return made

    def word(self, part: str) -> str:
        """One more canary."""
        word = f"kanar{part}{next(_numbers)}q"
        self.given.add(word)
        return word

    def join(self, life: Life) -> None:
        self.lives.append(life)

    def _secrets_of_other_kinds(self) -> None:
        """Things that exist and that nothing public names."""
        locale = self.home.locale
        lonely = a_picture("kanarlonelyaltq")
        host = Author.objects.create(
            name="kanarhostq", slug="kanarhostq", locale=locale, portrait=lonely
        )
        Author.objects.create(name="kanarlonelyq", slug="kanarlonelyq", locale=locale)
        Newsletter.objects.create(
            name="kanarletterq",
            slug="kanarletterq",
            description="kanarlettertextq",
            schedule_text="Never",
            host=host,
            picture=lonely,
            offered=False,
            locale=locale,
        )
        self.home.add_child(
            instance=SectionPage(
                title="kanarsectionq",
                slug="kanarsectionq",
                intro="kanarintroq",
                locale=locale,
                live=False,
            )
        )
        self.secret = a_coverage("kanareventq", summary="<p>kanarknownq</p>", publish=False)
        an_entry(self.secret, "kanarcoveredq")
        self.document = Document.objects.create(title="kanardocumentq", file="kanardocumentq.pdf")
        self.lonely_files = [lonely.file.name, *lonely.files()]

    def _surroundings(self) -> None:
        """Everything that points at the stories: slots, picks, cards, links, briefs."""
        board = EditorsPicks.objects.get(locale=self.home.locale)
        pages = [life.page for life in self.lives if isinstance(life, StoryLife)]
        for page in pages:
            TopStory.objects.create(page=self.home, story=page)
            Pick.objects.create(board=board, story=page)
        self.other = a_story(
            self.section,
            "An open story",
            body=[
                *(
                    ("text", f'<p>See <a linktype="page" id="{page.pk}">this</a>.</p>')
                    for page in pages
                ),
                *(("related", {"story": page, "headline": ""}) for page in pages),
                ("related", {"story": None, "headline": "Something else"}),
            ],
        )
        for page in pages:
            StoryRelated.objects.create(page=self.other, story=page)
        self.brief = a_brief(self.home.locale, "A brief.", story=pages[0] if pages else None)

    def days_pass(self) -> None:
        """Three days later; the clock has ticked."""
        self._traveller.shift(datetime.timedelta(days=3))
        clock.tick()
        for life in self.lives:
            life.days_pass()

    def do(self, number: int, action: str) -> None:
        """Let one of the lives take a step that it knows; others are passed over."""
        life = self.lives[number % len(self.lives)]
        if action == "days_pass":
            self._remember(life.scheduled for life in self.lives)
            self.days_pass()
        elif action in life.ACTIONS:
            if action == "delete" and isinstance(life, StoryLife):
                self.left_behind[life.pk] = life.published
            life.do(action)
        self._remember(life.published for life in self.lives)
        self._remember(self.shown())

    def _remember(self, let_out: Iterable[Version | None]) -> None:
        for version in filter(None, let_out):
            self.let_out |= set(version.words.values())
        for alias in self.lives:
            if isinstance(alias, Alias) and alias.source.published:
                self.let_out.add(alias.slug)

    def index(self) -> None:
        """As the worker does after each change."""
        indexed(*StoryPage.objects.all(), *Brief.objects.all())

    # What may be seen.

    def shown(self) -> list[Version]:
        return [version for life in self.lives if (version := life.shown())]

    def public(self) -> set[str]:
        """Words that anyone may meet now; any other canary is a leak."""
        return {word for version in self.shown() for word in version.words.values()}

    def secrets(self) -> set[str]:
        """Words that nobody outside may meet now."""
        return {*self.NEVER, *self.given} - self.public()

    def shown_tokens(self) -> set[str]:
        """With which the names of those picture files begin that anyone may have."""
        return {picture.token for version in self.shown() for picture in version.pictures.values()}

    def once_public(self) -> set[str]:
        """Words of earlier versions that readers of a story may compare with what it says now."""
        earlier = (version for life in self.lives if life.shown() for version in life.history)
        return {version[part] for version in earlier for part in COMPARED if part in version.words}

    def hidden_names(self) -> set[str]:
        """Names of picture files that nobody outside may meet, and the key that signs sessions."""
        every = {picture.token for v in self.versions for picture in v.pictures.values()}
        return {*(every - self.shown_tokens()), settings.SECRET_KEY}

    def files(self) -> list[tuple[str, bool]]:
        """Of every picture its master, its card and one size; whether a stranger may have each."""
        hidden = self.hidden_names()
        found = [(f"/media/{name}", False) for name in self.lonely_files]
        for version in self.versions:
            for picture in version.pictures.values():
                public = picture.token not in hidden
                found += [(f"/media/{name}", public) for name in picture.files()[-2:]]
                found.append((f"/media/{picture.file.name}", False))
        return found
