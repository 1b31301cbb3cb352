"""A whole newsroom reads stories aloud while readers read: from “publish” to the player, from one
edited word to the new sound, and what readers notice of it."""

from __future__ import annotations

import os
import re
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nightdesk.bench.narration.rows import BEFORE, STORY
from nightdesk.bench.serving.asking import BROWSER, Ask
from nightdesk.bench.serving.editor import Editor, editor
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import Newsroom, newsroom
from nightdesk.bench.serving.wrk import Load, Readers
from nightdesk.bench.tree import tree

#: goals.md, Narration.
PLAYABLE, EDIT, LATENCY = 30.0, 5.0, 1.10
#: A modest site: a million pages an hour are 280 a second.
EACH_SECOND, CONNECTIONS = 200, 20
_PATIENCE = 300.0
_LOOK = 0.05
_PLAYER = re.compile(rb'<audio[^>]+src="([^"]+\.mp3)"')
_VOICE = b"nightdesk.narration.voices.child"
_MAKES_SOUND = (_VOICE, b"nightdesk.narration.studio.child")


@dataclass(frozen=True)
class Options:
    """``publishes``: new stories; ``edits`` with and without processes that still live; ``rounds``
    of ``seconds`` idle and as many narrating."""

    publishes: int = 10
    edits: int = 5
    rounds: int = 10
    seconds: float = 4.0


def measure(options: Options) -> Iterator[Figure]:
    with newsroom(core=None, aloud=True) as opened, editor(opened.data) as someone:
        stories = someone.do("stories")["stories"][:40]
        asks = [Ask(quote(path), dict(BROWSER)) for _, path in stories]
        _until(lambda: _silent(opened), "the demo's own story to be read")
        told = _Told(opened, someone)
        with _steady(opened.port, asks) as readers:
            playable = [told.story(number) for number in range(options.publishes)]
            cold = [told.edit(2 * number) for number in range(options.edits)]
            warm = [told.edit(2 * number + 1, gone=False) for number in range(options.edits)]
        yield from _speed(playable, cold, warm, readers)
        yield from _latency(opened, someone, told, asks, options)


class _Told:
    """Stories that are published, and looked at as a reader does until they can be heard."""

    def __init__(self, opened: Newsroom, someone: Editor) -> None:
        self._opened, self._someone = opened, someone
        self._text = STORY.read_text().partition("\n\n")[2]
        self.page, self._path = 0, ""

    def story(self, number: int) -> float:
        """Seconds from the click to the player, nothing of it spoken before."""
        headline = f"Lantern Bridge reopens to trams after {number + 23} days of repairs"
        self._forget_what_was_spoken()
        said = self._someone.do("aloud", what="tell", headline=headline, text=self._text)
        self.page, self._path = said["page"], said["path"]
        return self._playable("") - said["began"]

    def edit(self, number: int, *, gone: bool = True) -> float:
        """Seconds from the click to another sound, one number in one sentence being another.
        ``gone``: the processes that speak have left, as they do after a minute."""
        time.sleep(1)
        if gone:
            _send_away(self._opened.pid)
        before = self._sound()
        # Who saves again within a minute is taken for somebody who saves once more.
        self._let_a_minute_pass()
        text = self._text.replace(BEFORE, f"added up to {41 + number} minutes")
        said = self._someone.do("aloud", what="reword", page=self.page, text=text)
        return self._playable(before) - said["began"]

    def _forget_what_was_spoken(self) -> None:
        self._someone.do("aloud", what="forget")

    def _let_a_minute_pass(self) -> None:
        self._someone.do("aloud", what="let_pass", page=self.page, seconds=120)

    def _playable(self, before: str) -> float:
        """When the page had a player with another sound than ``before``, and that was there."""

        def there() -> bool:
            sound = self._sound()
            return bool(sound) and sound != before and self._opened.get(sound).status == 200

        _until(there, f"a sound of {self._path}")
        return time.time()

    def _sound(self) -> str:
        answer = self._opened.get(quote(self._path), **{"Accept-Encoding": "identity"})
        found = _PLAYER.search(answer.body) if answer.status == 200 else None
        return found[1].decode() if found else ""


def _speed(
    playable: list[float], cold: list[float], warm: list[float], readers: _Steady
) -> Iterator[Figure]:
    p95 = _p95(playable)
    yield Figure(
        "playable",
        f"publish → playable, a story of two minutes, p95 of {len(playable)}",
        p95,
        "s",
        goal="≤ 30",
        met=p95 <= PLAYABLE,
        note=f"p50 {statistics.median(playable):.1f} s; {readers.told()}",
    )
    if not cold:
        return
    slow = _p95(cold)
    yield Figure(
        "edit",
        f"one sentence edited and published → new sound with readers, p95 of {len(cold)}",
        slow,
        "s",
        goal="≤ 5",
        met=slow <= EDIT,
        note=f"voice and studio had left; p50 {statistics.median(cold):.2f} s; if they still live "
        f"p50 {statistics.median(warm):.2f} s",
    )


def _latency(
    opened: Newsroom, someone: Editor, told: _Told, asks: list[Ask], options: Options
) -> Iterator[Figure]:
    pairs: list[tuple[Load, Load]] = []
    shares: list[float] = []

    def at_rest() -> None:
        _until(lambda: _stands(someone, told) == "ready", "a story to be read")
        time.sleep(0.5)

    def idle() -> Load:
        at_rest()
        return _read(opened, asks, options)

    def busy() -> Load:
        at_rest()  # or what is being read now would lie in the cache
        someone.do("aloud", what="read_again", page=told.page)
        _until(lambda: _stands(someone, told) == "working", "a story to be begun")
        _until(lambda: _spent(opened.pid) > 0, "a voice")
        before, at = _spent(opened.pid), time.monotonic()
        load = _read(opened, asks, options)
        shares.append((_spent(opened.pid) - before) / (time.monotonic() - at))
        if _stands(someone, told) != "working":
            raise RuntimeError(
                "The story was read before readers had finished: --seconds is too long."
            )
        return load

    idle()  # the first is for caches
    for number in range(options.rounds):
        if number % 2:
            loud, quiet = busy(), idle()
        else:
            quiet, loud = idle(), busy()
        pairs.append((quiet, loud))
    for name, of in (("p50", lambda load: load.p50), ("p95", lambda load: load.p95)):
        ratios = sorted(of(loud) / of(quiet) for quiet, loud in pairs)
        ratio = statistics.median(ratios)
        yield Figure(
            f"latency.{name}",
            f"a page while a story is read aloud, {name}, median of {len(pairs)} pairs",
            statistics.median(of(loud) for _, loud in pairs),
            "ms",
            beside=("nobody reads aloud", statistics.median(of(quiet) for quiet, _ in pairs)),
            ratio=ratio,
            goal="≤ 1.1",
            met=ratio <= LATENCY,
            note=f"ratios {ratios[0]:.2f} to {ratios[-1]:.2f}; {EACH_SECOND} req/s; voice and studio "
            f"had {statistics.median(shares):.2f} of a core",
        )


def _read(opened: Newsroom, asks: list[Ask], options: Options) -> Load:
    load = Readers(opened.port, asks, options.seconds, CONNECTIONS, each_second=EACH_SECOND).load()
    if load.refused or load.broken:
        raise RuntimeError("A page failed.")
    return load


def _stands(someone: Editor, told: _Told) -> str:
    said = someone.do("aloud", what="how_it_stands", page=told.page)
    if said["state"] in {"failed", "skipped"}:
        raise RuntimeError(f"The story was not read: {said['because']}")
    return str(said["state"])


def _makes_sound(root: int, what: tuple[bytes, ...] = _MAKES_SOUND) -> list[int]:
    """Processes of voice and studio below the newsroom."""
    found = []
    for pid in tree(root):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if any(module in command for module in what):
            found.append(pid)
    return found


def _silent(opened: Newsroom) -> bool:
    """Nothing has been spoken for a moment. Voices stay a minute, but cost nothing then."""
    before = _spent(opened.pid)
    time.sleep(2)
    return _spent(opened.pid) == before


def _spent(root: int) -> float:
    """Processor seconds of voice and studio so far."""
    total = 0
    for pid in _makes_sound(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _send_away(root: int) -> None:
    for pid in _makes_sound(root):
        os.kill(pid, signal.SIGKILL)


@dataclass
class _Steady:
    """Readers who go on until somebody stops them."""

    loads: list[Load] = field(default_factory=list)

    def told(self) -> str:
        requests = sum(load.requests for load in self.loads)
        failed = sum(load.refused + load.broken for load in self.loads)
        seconds = sum(load.seconds for load in self.loads)
        return f"{requests / max(1.0, seconds):.0f} req/s meanwhile, {failed} failed"


@contextmanager
def _steady(port: int, asks: list[Ask]) -> Iterator[_Steady]:
    steady, enough = _Steady(), threading.Event()

    def go_on() -> None:
        while not enough.is_set():
            steady.loads.append(Readers(port, asks, 3, CONNECTIONS, each_second=EACH_SECOND).load())

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield steady
    finally:
        enough.set()
        thread.join()


def _p95(seconds: list[float]) -> float:
    if len(seconds) < 2:
        return seconds[0]
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def _until(what: Callable[[], Any], waited_for: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not what():
        if time.monotonic() > deadline:
            raise RuntimeError(f"Waited {_PATIENCE:.0f} s for {waited_for}.")
        time.sleep(_LOOK)
