"""What was taken down: 410 at each of its addresses, whatever the shelf and the site would say.

The list (``press.shelf.takedowns``) is read by the newsstand itself, so a story is down while the
press, Django or the database is not there. All answers are made when the list changes; asking costs
one look into a dictionary, and nothing while nothing is down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from nightdesk.newsstand.answers import Answers
from nightdesk.newsstand.log import logger
from nightdesk.newsstand.ready import Finishing, Ready
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.read import Stored

#: Seconds between two looks at the list.
_LOOK = 0.1
_MEDIA = "/media/"


class Withdrawn:
    """``at``: path → answer, or None; itself None while nothing is down. Used by granian's thread
    and the event loop: what changes is put in place whole."""

    def __init__(
        self,
        data: Path | None = None,
        finishing: Finishing | None = None,
        answers: Answers | None = None,
    ) -> None:
        self._finishing = finishing
        self._answers = answers
        self._pages: dict[str, Ready] = {}
        self._files: dict[str, Ready] = {}
        self.at: Callable[[str], Ready | None] | None = None
        #: Called after each change of the list.
        self.on_change: list[Callable[[], None]] = []
        self._watched = takedowns.Watched(data, self._take_in) if data else None

    async def follow(self) -> None:
        """For ever."""
        while self._watched:
            try:
                self._watched.look()
            except Exception:
                logger.exception("the list of takedowns could not be taken in, which is a bug")
            await asyncio.sleep(_LOOK)

    def _take_in(self, held: takedowns.Held) -> None:
        pages: dict[str, Ready] = {}
        files: dict[str, Ready] = {}
        for one in held.down.values():
            for path in one.addresses:
                pages[path] = self._answer(path, one.say)
            for stem in one.stems:
                files[stem] = self._answer(f"{_MEDIA}{stem}", one.say)
        self._pages, self._files = pages, files
        self.at = self._find if pages or files else None
        for told in self.on_change:
            told()
        logger.info("taken down: %d addresses", len(pages) + len(files))

    def _find(self, path: str) -> Ready | None:
        found = self._pages.get(path)
        if found is None and path.startswith(_MEDIA):
            return self._files.get(path[len(_MEDIA) :].partition("-")[0])
        return found

    def _answer(self, path: str, sentence: str) -> Ready:
        assert self._finishing is not None and self._answers is not None
        said = self._answers.withdrawn(path, sentence)
        headers = [pair for pair in said.headers if pair[0] != "cache-control"]
        pieces = [Own.of(said.body)]
        stored = Stored(path, "error", 0, said.status, headers, "", list(pieces), None, 0.0)
        return self._finishing.ready(stored, {})
