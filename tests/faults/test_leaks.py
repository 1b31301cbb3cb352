"""P7: nothing that is not out can be met by anyone outside, in any state that it gets into.

Stories, briefs and updates of coverage go through random edits, publications, schedules, withdrawals, restrictions,
moves, copies and translations. Each edit brings words, pictures, an author and a topic that are
found nowhere else. After each step, or some steps, a press prints onto a shelf and a newsstand
hands out what is new, so that whatever a later step takes back has been stored and remembered.
Afterwards every address that a stranger may try, and every one that the shelf has ever named, is
tried at the newsstand in every coding; what it answers by itself is asked of the site as well. Of
those words only the ones of what is published and free to read may be found there, or anywhere
in the shelf's file.

Six histories go into each newsroom; with ``NIGHTDESK_FAULTS=full`` a hundred newsrooms are
drawn, so 600 states.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import brotli
import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nightdesk.press.shelf.pieces import Own, pack
from nightdesk.press.shelf.write import Printed, Shelf
from nightdesk.stories import models

from .leaks import shelf
from .leaks.lives import Alias, EntryLife, StoryLife
from .leaks.newsroom import Newsroom
from .leaks.newsstand import Answer, Stand
from .leaks.surfaces import everywhere, nothing_changes, through_the_site
from .leaks.words import CANARY, Version

pytestmark = pytest.mark.fault

STORIES, BRIEFS, ENTRIES = 3, 2, 1
WHOLE = os.environ.get("NIGHTDESK_FAULTS") == "full"
NEWSROOMS = 100 if WHOLE else 2

_names = sorted({*StoryLife.ACTIONS, *EntryLife.ACTIONS, *Alias.ACTIONS, "days_pass"})
_steps = st.lists(
    st.tuples(st.integers(0, STORIES + BRIEFS + ENTRIES), st.sampled_from(_names)),
    min_size=3,
    max_size=18,
)
#: After which steps the press has not yet worked when the next one comes.
_haste = st.sets(st.integers(0, 17), max_size=6)


def histories(*lives: str) -> list[tuple[int, str]]:
    """Steps, written as a line for each life."""
    return [(number, step) for number, line in enumerate(lives) for step in line.split()]


@pytest.fixture(scope="class")
def stand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    stand = request.cls.stand = Stand(tmp_path_factory.mktemp("stand"))
    yield
    stand.close()
    print(f"{request.cls.states} states, {stand.answers:,} answers of the newsstand looked at")


class Watch:
    """What is wrong in a newsroom, in words: ``found``. ``once``: see ``shelf.Held``."""

    def __init__(self, newsroom: Newsroom, once: Iterable[str] = ()) -> None:
        self.found: list[str] = []
        self._newsroom = newsroom
        self._public = newsroom.public()
        self._names = newsroom.hidden_names()
        self._once = self._public | set(once)
        #: What "What changed" shows of versions that readers had before.
        self._earlier = newsroom.once_public()
        self._tokens = newsroom.shown_tokens()

    def look(self, where: str, text: str, exempt: Iterable[str] = ()) -> None:
        met = {word for word in CANARY.findall(text.lower()) if word not in self._public}
        met |= {name for name in self._names if name in text}
        met = {word for word in met if word not in exempt}
        if met:
            self.found.append(f"{where} shows {sorted(met)}")

    def through_both(self, stand: Stand) -> None:
        """At the newsstand; and at the site, where the newsstand neither asked it nor hands out
        what was printed from it."""
        surfaces = everywhere(self._newsroom)
        surfaces["what the shelf names"] = shelf.paths(stand.press.shelf)
        files = dict(self._newsroom.files())
        lives = [life.address() for life in self._newsroom.lives if not life.deleted]
        asked = {address for addresses in surfaces.values() for address in addresses}
        with nothing_changes():
            met = stand.ask_all([*asked, *files, *lives])
        for surface, addresses in surfaces.items():
            for address in addresses:
                self._answer(f"{surface}, newsstand", address, met[address])
        self._files("newsstand", files, met)
        self._missing(met)
        self._shared(stand)
        with through_the_site() as ask:
            wanted = {
                address
                for address, answer in met.items()
                if answer.stored and (answer.status != 200 or "?" in address)
            }
            direct = {address: Answer(*ask(address), False) for address in sorted(wanted)}
        for surface, addresses in surfaces.items():
            for address in wanted.intersection(addresses):
                self._answer(f"{surface}, site", address, direct[address])
        self._files("both", files, met | direct)
        self._same(lives, met, direct)

    def on_the_shelf(self, printed: Shelf) -> None:
        for held in shelf.held(printed):
            exempt = self._once & set(CANARY.findall(held.once))
            if "/changes/, " in held.where:
                exempt |= self._earlier
            self.look(f"the shelf's file: {held.where}", held.text, exempt)
        for name in shelf.files(printed):
            if name.rpartition("/")[2].partition("-")[0] not in self._tokens:
                self.found.append(f"the shelf's file lets everyone have {name}")

    def _answer(self, where: str, address: str, answer: Answer) -> None:
        if answer.status >= 500:
            self.found.append(f"{where}: {address} answers with {answer.status}")
        exempt = set(CANARY.findall(address.lower()))
        if address.endswith("/changes/"):
            exempt |= self._earlier
        self.look(f"{where}: {address} ({answer.status})", answer.text, exempt)

    def _files(self, where: str, files: dict[str, bool], met: dict[str, Answer]) -> None:
        for address, public in files.items():
            status = met[address].status
            if status != (200 if public else 404):
                told = f"answers with {status}, public: {public}"
                self.found.append(f"a picture's file, {where}: {address} {told}")

    def _shared(self, stand: Stand) -> None:
        """A link for checking shows the version that was shared and no other, or is gone."""
        shared = {f"/check/{token}/": version for token, version in self._newsroom.shared.items()}
        with nothing_changes():
            met = stand.ask_all(shared)
        for address, version in shared.items():
            status, shows = met[address].status, version["headline"] in met[address].text
            if (status, shows) not in [(200, True), (410, False)]:
                self.found.append(f"a link for checking answers with {status}, shows it: {shows}")
            words = set(version.words.values()) if shows else set()
            words |= {picture.token for picture in version.pictures.values() if shows}
            self.look(f"a link for checking ({status})", met[address].text, words)

    def _missing(self, met: dict[str, Answer]) -> None:
        """What is out and cannot be met: a test that sees nothing would find no leak."""
        for life in self._newsroom.lives:
            if life.deleted:
                continue
            version, answer = life.shown(), met[life.address()]
            at = f"{life.address()} ({answer.status})"
            if version is not None:
                if answer.status != 200 or version["headline"] not in answer.text:
                    self.found.append(f"{at} does not show {version['headline']}")
                changes = met.get(f"{life.address()}changes/")
                self.found += [
                    f"{life.address()}changes/ does not show {earlier['headline']}"
                    for earlier in life.history[:-1]
                    if changes is None or earlier["headline"] not in changes.text
                ]
            elif isinstance(life, Alias) or life.published:
                continue  # a form that asks for a password may stand there
            elif answer.status == 200:
                self.found.append(f"{at} is there")

    def _same(self, lives: list[str], met: dict[str, Answer], direct: dict[str, Answer]) -> None:
        """Where the newsstand says of itself that nothing is there, nothing is: whoever may read
        a restricted story must be asked who they are."""
        for address in direct.keys() & set(lives):
            seen, meant = met[address].status, direct[address].status
            if seen != meant:
                self.found.append(f"{address}: {seen} at the newsstand, {meant} at the site")


@pytest.mark.usefixtures("stand")
class Watched(TestCase):
    stand: Stand
    #: Words that were let out in any newsroom so far: the shelf may name their old addresses.
    once: set[str] = set()
    states = 0

    def open(self, *how: object) -> Newsroom:
        with self.captureOnCommitCallbacks(execute=True):
            newsroom = Newsroom(*how)
        self.stand.print()
        return newsroom

    def do(self, newsroom: Newsroom, life: int, action: str) -> None:
        """As a request does that commits at its end."""
        with self.captureOnCommitCallbacks(execute=True):
            newsroom.do(life, action)
        self.once |= newsroom.let_out

    def watch(self, newsroom: Newsroom) -> Watch:
        type(self).states += len(newsroom.lives)
        watch = Watch(newsroom, self.once)
        watch.through_both(self.stand)
        watch.on_the_shelf(self.stand.press.shelf)
        return watch


class EveryState(Watched):
    @example(
        histories(
            "publish edit schedule edit share embargo publish",
            "publish edit copy alias restrict_by_password comment",
            "publish translate rename_author rename_picture edit publish delete",
            "publish edit publish unpublish edit",
            "date_ahead edit",
            "publish edit hide publish edit show unpublish edit",
        ),
        set(),
    )
    @example(
        histories(
            "publish edit move publish_for_a_day edit days_pass",
            "publish edit publish restrict_to_a_group alias restrict_its_section",
            "embargo publish lift schedule days_pass embargo edit share publish restrict_to_staff",
            "schedule edit days_pass",
            "publish delete",
            "schedule edit days_pass publish hide edit",
        ),
        set(),
    )
    @given(steps=_steps, haste=_haste)
    @settings(
        max_examples=NEWSROOMS,
        # Small, it is the same states each time, so that nobody's change is held up by chance.
        derandomize=not WHOLE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    def test_leaks_nothing_at_any_address(self, steps, haste):
        with time_machine.travel(timezone.now(), tick=True) as traveller:
            newsroom = self.open(traveller, STORIES, BRIEFS, ENTRIES)
            for number, (life, action) in enumerate(steps):
                self.do(newsroom, life, action)
                if number not in haste:
                    self.stand.print()
            newsroom.index()
            self.stand.print()
            found = self.watch(newsroom).found
            assert not found, "\n".join([f"{len(found)} leaks", *found[:60]])


class TheWatch(Watched):
    def test_misses_no_guard_that_is_taken_away(self):
        """Else it could not be trusted when it finds nothing."""
        with time_machine.travel(timezone.now(), tick=True) as traveller:
            newsroom = self.open(traveller, 2, 0)
            for life in (0, 1):
                self.do(newsroom, life, "publish")
            self.stand.print()
            withdrawn, locked = (life.published for life in newsroom.lives)
            with nothing_is_removed():
                self.do(newsroom, 0, "unpublish")
                self.stand.print()
            with patch.object(models, "public", lambda pages: pages):
                self.do(newsroom, 1, "restrict_by_password")
                self.stand.print()
                self.spoil(withdrawn)
                newsroom.index()
                found = "\n".join(self.watch(newsroom).found)
        for missed in [
            rf"address, newsstand: /news/{withdrawn['slug']}/ .*{withdrawn['text']}",
            rf"file: /news/{withdrawn['slug']}/, body shows .*{withdrawn['text']}",
            rf"fronts and .*, newsstand: /news/ .*{locked['headline']}",
            rf"feeds, newsstand: /feeds/atom.xml .*{locked['headline']}",
            rf"search, newsstand: .*{locked['headline']}",
            r"feeds, newsstand: /feeds/rss.xml \(200\) shows .*'kanarinbrq'",
            r"feeds, newsstand: /feeds/feed.json \(200\) shows .*'kanaringzipq'",
            r"fronts and .*, newsstand: /newsletters/ .*kanarinafragmentq",
            r"newsstand: /nothing/ \(404\) .*kanarinanerrorq",
            r"newsstand: /moved-away/ \(301\) .*kanarinatargetq",
            r"newsstand: /assets/.*kanarinanassetq",
            r"file: the name of a removed entry shows \['kanarindroppedq'",
            r"file: meta note shows \['kanarinmetaq'",
            rf"file, newsstand: /media/{self.hidden} answers with 200",
            rf"file lets everyone have {self.hidden}",
        ]:
            assert re.search(missed, found), missed

    def spoil(self, withdrawn: Version) -> None:
        """Put words onto the shelf that are to be found there in no other place."""
        shelf = self.stand.press.shelf
        seq = 10**6
        (asset,) = shelf.opened.execute(
            "SELECT path FROM entry WHERE path LIKE '/assets/css/%'"
        ).fetchone()
        for path, column, word in [
            ("/feeds/rss.xml", "br", "kanarinbrq"),
            ("/feeds/feed.json", "body", "kanaringzipq"),
            ("fragment:sections:en", "body", "kanarinafragmentq"),
            ("error:404:en", "body", "kanarinanerrorq"),
            (asset, "body", "kanarinanassetq"),
        ]:
            raw = f"{word} ".encode() * 60
            data = brotli.compress(raw) if column == "br" else pack([Own.of(raw)])
            change = f"UPDATE entry SET seq = ?, {column} = ? WHERE path = ?"
            shelf.opened.execute(change, (seq, data, path))
        target = [("location", "/news/kanarinatargetq/")]
        shelf.put("/moved-away/", Printed("redirect", 301, target, []), seen=1)
        shelf.note(note="kanarinmetaq")
        shelf.opened.execute("INSERT INTO dropped VALUES (?, '/kanarindroppedq/')", (seq,))
        self.hidden = withdrawn.pictures["lead"].files()[-1]
        home = "SELECT ?, id FROM entry WHERE path = '/'"
        shelf.opened.execute(f"INSERT INTO media {home}", (self.hidden,))
        self.stand.print()


@contextmanager
def nothing_is_removed() -> Iterator[None]:
    """A press that is told of what is gone, and leaves it where it is."""

    def drop(shelf: Shelf, path: str) -> None:
        shelf.opened.execute("UPDATE entry SET stale = NULL WHERE path = ?", (path,))

    with patch.multiple(Shelf, _empty=staticmethod(lambda *_: None), drop=drop):
        yield
