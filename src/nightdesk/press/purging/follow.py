"""Follow the shelf and tell the CDN: a thread in the press, started by `start`."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from nightdesk.press.purging.cache import Cache, PurgeError
from nightdesk.press.purging.choose import chosen
from nightdesk.press.purging.orders import Site
from nightdesk.press.purging.queue import Queue, Waiting, sqlite3
from nightdesk.press.purging.recall import Recall
from nightdesk.press.shelf.format import NAME as SHELF
from nightdesk.press.shelf.read import Shown
from nightdesk.settings.table import Settings

log = logging.getLogger("nightdesk.press.purging")

#: How often the shelf is asked whether it has changed, in seconds. Asking costs 4 µs.
LOOK = 0.1
#: Between a change of the shelf and its purge: the newsstand looks each 0.05 s, and must have the
#: new page before the CDN asks for it.
NOTICE = 0.25
#: After something has been removed, everything is purged hard for so long: the pages that still
#: named it are printed anew in this time.
REMOVAL = 60.0
#: Purges of everything are at least so far apart.
BETWEEN_EVERYTHING = 10.0
#: A CDN that was out of reach for long is told once that everything may have changed.
MOST_WAITING = 100


class Follower:
    """Turns changes of the shelf into orders, and sends those that are due."""

    def __init__(self, data: Path, cache: Cache, site: Site) -> None:
        self._cache, self._site = cache, site
        self._file = data / SHELF
        self._shown = Shown(data)
        self._inode = self._file.stat().st_ino
        self._queue = Queue(data)
        self._seen: int | None = None
        self._last_everything = 0.0

    def close(self) -> None:
        self._shown.close()
        self._queue.close()

    def step(self, now: float | None = None) -> float:
        """Look once and send what is due; returns the seconds until the next look."""
        now = time.time() if now is None else now
        if self._file.stat().st_ino != self._inode:
            raise OSError("the shelf was made anew")
        version = self._shown.version()
        if version != self._seen:
            self._notice(now)
            self._seen = version
        for waiting in self._queue.due(now):
            if not self._send(waiting, now):
                break  # look at the shelf again before the next attempt
        return LOOK

    def _notice(self, now: float) -> None:
        cursor = self._queue.cursor
        newest = self._shown.newest()
        if cursor is None or newest < cursor:  # the first run with a CDN, or another shelf
            self._everything(now, hard=False, cursor=newest)
            return
        newest, changed = self._shown.changed_since(cursor)
        if not changed:
            return
        removed = set(self._shown.removed_since(cursor))
        hard_until = float(self._queue.meta("hard_until", "0"))
        if removed:
            hard_until = now + REMOVAL
        facts = {"cursor": newest, "hard_until": hard_until}
        order = self._site.order(changed, hard=now < hard_until, bulk=self._cache.knows_everything)
        if order.everything:
            # What is gone must not wait for the next purge of everything.
            gone = self._site.order(removed, hard=True, bulk=False)
            self._queue.add(gone, due=now + NOTICE)
            self._everything(now, hard=order.hard, **facts)
        else:
            self._queue.add(order, due=now + NOTICE, **facts)

    def _everything(self, now: float, *, hard: bool, **facts: object) -> None:
        due = max(now + NOTICE, self._last_everything + BETWEEN_EVERYTHING)
        if self._cache.knows_everything:
            self._queue.everything(hard=hard, due=due, **facts)
        else:
            _, paths = self._shown.changed_since(0)
            self._queue.add(self._site.order(paths, hard=hard, bulk=False), due=due, **facts)

    def _send(self, waiting: Waiting, now: float) -> bool:
        try:
            self._cache.send(waiting.order)
        except PurgeError as error:
            if waiting.tries in (0, 5):
                log.error("the CDN was not told of a change: %s It is tried again.", error)
            self._queue.failed(waiting, str(error), now)
            if len(self._queue) > MOST_WAITING and self._cache.knows_everything:
                self._everything(now, hard=True)
            return False
        if waiting.order.everything:
            self._last_everything = now
        if waiting.tries:
            log.info("the CDN was told after %d attempts", waiting.tries + 1)
        self._queue.done(waiting, twice=self._cache.twice, now=now)
        return True


class Purging(threading.Thread):
    """The follower's thread; it outlives every trouble of the shelf, the disk and the CDN."""

    def __init__(self, data: Path, cache: Cache, site: Site) -> None:
        super().__init__(name="purging", daemon=True)
        self._made_from = (data, cache, site)
        self._stop_asked = threading.Event()

    def run(self) -> None:
        follower: Follower | None = None
        recall: Recall | None = None
        while not self._stop_asked.is_set():
            pause = 1.0
            try:
                # First, and whatever becomes of the shelf.
                recall = recall or self._recall()
                recall.step(time.time())
                follower = follower or Follower(*self._made_from)
                pause = follower.step()
            except FileNotFoundError:
                pass  # nothing has been printed yet
            except (sqlite3.Error, OSError, ValueError) as error:
                log.error("purging waits: %s. It is tried again.", error)
                for opened in (follower, recall):
                    if opened is not None:
                        opened.close()
                follower, recall, pause = None, None, 5.0
            except Exception:
                log.exception("purging failed, which is a bug; it is tried again")
                pause = 5.0
            self._stop_asked.wait(pause)
        for opened in (follower, recall):
            if opened is not None:
                opened.close()

    def _recall(self) -> Recall:
        data, cache, site = self._made_from
        return Recall(data, cache, site.url)

    def stop(self) -> None:
        """Finish what is being sent, at most for some seconds; the rest is kept."""
        self._stop_asked.set()
        self.join(3)


def start(settings: Settings) -> Purging | None:
    """Begin to tell the CDN of the settings; None when there is none.

    Raises ``SettingError`` when a part of it is missing.
    """
    cache = chosen(settings)
    if cache is None:
        return None
    site = Site(settings.public_url, settings.languages[1:])
    purging = Purging(settings.data, cache, site)
    purging.start()
    return purging
