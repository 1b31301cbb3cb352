"""The newsroom whose News Feed is left open, and how its news reach everybody."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nightdesk.bench.live.crowd import Crowd
from nightdesk.bench.serving.editor import Editor, editor
from nightdesk.bench.serving.newsroom import Newsroom, newsroom
from nightdesk.bench.serving.processes import SERVERS, cpu_seconds
from nightdesk.bench.tree import pss_megabytes

LIST = "/news-feed/live/"
_PATIENCE = 30.0


@dataclass
class Open:
    """``opened``: the newsroom; ``someone``: who publishes in it; ``crowd``: its readers."""

    opened: Newsroom
    someone: Editor
    crowd: Crowd

    @property
    def newsstand(self) -> int:
        return self.opened.child("nd-newsstand")

    @property
    def memory(self) -> float:
        """Megabytes of the newsstand."""
        return pss_megabytes(self.newsstand)

    @property
    def cpu(self) -> float:
        """Processor seconds of the newsstand so far."""
        return cpu_seconds(self.newsstand)

    @property
    def all_have_it(self) -> bool:
        newest = self.crowd.newest
        return all(reader.etag == newest for reader in self.crowd.readers)

    def wait_until_all_have_it(self) -> None:
        if not self.crowd.run(lambda: self.crowd.newest != "" and self.all_have_it, 90):
            raise RuntimeError("Not every reader got the document.")

    def change(self, verb: str, words: str, *, there: bool = True, **given: Any) -> Change:
        """Do something, and wait until each reader has a document with (or without) these words."""
        told: dict[str, Any] = {}
        names = {getattr(reader, "name", "") for reader in self.crowd.readers}
        cpu = self.cpu
        doing = threading.Thread(
            target=lambda: told.update(self.someone.do(verb, **given)), daemon=True
        )
        doing.start()

        def seen() -> bool:
            right = {tag for tag, held in self.crowd.documents.items() if (words in held) is there}
            return bool(told) and all(
                one.etag in right and one.since >= told["began"] for one in self.crowd.readers
            )

        if not self.crowd.run(seen, _PATIENCE):
            raise RuntimeError(f"Not every reader saw within {_PATIENCE:.0f} s: {words}")
        doing.join()
        frames = [
            reader.told for reader in self.crowd.readers if getattr(reader, "name", "") not in names
        ]
        return Change(
            told["began"],
            told["committed"],
            min(frames, default=0.0),
            max(frames, default=0.0),
            [reader.since for reader in self.crowd.readers],
            self.cpu - cpu,
            told,
        )


@dataclass
class Change:
    """Epochs: when somebody clicked, when it was committed, when the first reader was told and when
    the last, when each had it. ``cpu``: the newsstand's processor seconds meanwhile; ``said``: by the editor."""

    began: float
    committed: float
    first: float
    told: float
    had: list[float]
    cpu: float
    said: dict[str, Any]

    @property
    def last(self) -> float:
        """Seconds from the click to the last reader."""
        return max(self.had) - self.began

    @property
    def median(self) -> float:
        return statistics.median(self.had) - self.began


@contextlib.contextmanager
def live_newsroom() -> Iterator[Open]:
    """Raises ``RuntimeError`` when it has no live list."""
    with newsroom() as opened, editor(opened.data, SERVERS) as someone:
        if opened.get(LIST).status != 200:
            raise RuntimeError(f"There is no live list at {LIST}.")
        someone.do("brief", text="Before anybody follows")
        time.sleep(1)
        opened.wait_until_printed()
        crowd = Crowd(opened.port, LIST)
        try:
            yield Open(opened, someone, crowd)
        finally:
            crowd.close()
