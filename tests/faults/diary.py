"""An editor at work who keeps a diary: what was acknowledged, and what may or may not have been.

Each story has an address of its own that never changes, and a set of states it may be in: one
after an acknowledged verb, two while the answer to a verb never came.
"""

from __future__ import annotations

import contextlib
import datetime
import random
import re
import sqlite3
import time
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup

from .editor import Editor, as_it_stands, one_paragraph

#: Where the newsroom of these tests is; its forms speak its time.
KYIV = ZoneInfo("Europe/Kyiv")


class State(NamedTuple):
    """What readers get at a story's address: its headline, or nothing ("")."""

    headline: str


NOTHING = State("")


class Diary:
    """Publishes, corrects, withdraws and schedules stories over HTTP, by chance."""

    def __init__(self, editor: Editor, section: int, data: Path, chance: random.Random) -> None:
        self._editor, self._section, self._chance = editor, section, chance
        self._database = data / "site.db"
        self._number = 0
        self.states: dict[str, set[State]] = {}
        self.briefs: dict[str, set[bool]] = {}
        #: Address → when it is to appear (epoch).
        self.scheduled: dict[str, float] = {}
        self.acknowledged = self.unanswered = 0

    def write(self) -> None:
        """One verb, chosen by chance."""
        sure = [
            path
            for path, states in self.states.items()
            if path not in self.scheduled and len(states) == 1 and NOTHING not in states
        ]
        verbs = [self.publish, self.publish, self.schedule, self.brief]
        if sure:
            path = self._chance.choice(sure)
            verbs += [lambda: self.correct(path)] * 2 + [lambda: self.withdraw(path)] * 2
        self._chance.choice(verbs)()

    def publish(self) -> None:
        headline, path = self._new()
        self._story(path, State(headline), headline)

    def schedule(self) -> None:
        """To appear within seconds."""
        headline, path = self._new()
        at = time.time() + 3
        moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
        self.scheduled[path] = at
        self._story(path, State(headline), headline, at=moment)

    def correct(self, path: str) -> None:
        self._number += 1
        (before,) = self.states[path]
        headline = f"{before.headline.partition(',')[0]}, edition {self._number}"
        self._story(path, State(headline), headline, page=self._id_of(path))

    def withdraw(self, path: str) -> None:
        address = f"/admin/pages/{self._id_of(path)}/unpublish/"
        form = self._form(address, f"form[action='{address}']")
        if form is not None:
            self._verb(path, NOTHING, address, form)

    def brief(self) -> None:
        self._number += 1
        text = f"Report number {self._number} from the river."
        form = self._form("/admin/brief/", "form:has(textarea[name=text])")
        if form is not None:
            self.briefs[text] = {False, True}
            if self._sent("/admin/brief/", form | {"text": text}):
                self.briefs[text] = {True}

    def _new(self) -> tuple[str, str]:
        self._number += 1
        return f"Story {self._number}", f"/news/story-{self._number}/"

    def _story(
        self,
        path: str,
        wanted: State,
        headline: str,
        page: int | None = None,
        at: datetime.datetime | None = None,
    ) -> None:
        new = f"/admin/pages/add/stories/storypage/{self._section}/"
        address = new if page is None else f"/admin/pages/{page}/edit/"
        form = self._form(address, "#page-edit-form")
        if form is None:
            return
        form |= {"title": headline, "action-publish": "action-publish"}
        form |= one_paragraph(f"{headline}, said somebody who was there.")
        form["slug"] = path.strip("/").rpartition("/")[2]
        if at is not None:
            form["go_live_at"] = f"{at.astimezone(KYIV):%Y-%m-%d %H:%M:%S}"
        self._verb(path, wanted, address, form)

    def _form(self, address: str, selector: str) -> dict[str, object] | None:
        """None when the site is not there: then nothing was tried."""
        _to, page = self._editor.ask("GET", address)
        form = BeautifulSoup(page, "html.parser").select_one(selector)
        if form is None:
            time.sleep(0.2)
            return None
        return as_it_stands(form)

    def _verb(self, path: str, wanted: State, address: str, form: dict) -> None:
        before = self.states.get(path, {NOTHING})
        self.states[path] = before | {wanted}
        if self._sent(address, form):
            self.states[path] = {wanted}

    def _sent(self, address: str, form: dict) -> bool:
        leads_to, page = self._editor.ask("POST", address, form)
        if leads_to:
            self.acknowledged += 1
            return True
        status = self._editor.statuses[-1]
        assert status in (0, 503), f"{status}: {_errors(page)}"
        self.unanswered += 1
        return False

    def _id_of(self, path: str) -> int:
        slug = path.strip("/").rpartition("/")[2]
        with contextlib.closing(
            sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        ) as site:
            return site.execute(
                "SELECT id FROM wagtailcore_page WHERE slug = ?", (slug,)
            ).fetchone()[0]


def _errors(page: str) -> str:
    found = BeautifulSoup(page, "html.parser").select(".error-message, .w-field__errors, .messages")
    return " ".join(" ".join(error.text.split()) for error in found) or page[:2000]


def headline_of(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    return " ".join(re.sub("<[^>]+>", "", found[1]).split()) if found else ""
