"""Take down at the CDN: purge hard, and ask the CDN itself whether it has let go.

Follows the list of takedowns as the newsstand does, so it works while the database is gone. What
was found is kept in ``purge.db``, where the admin and the command line read it.
"""

from __future__ import annotations

import http.client
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from nightdesk.kernel.sqlite import use_fixed_sqlite
from nightdesk.press.purging.cache import Cache, PurgeError
from nightdesk.press.purging.order import Order
from nightdesk.press.purging.queue import NAME
from nightdesk.press.purging.recalled import SCHEMA
from nightdesk.press.shelf import tags, takedowns
from nightdesk.press.shelf.takedowns import Withdrawn

use_fixed_sqlite()

import sqlite3  # noqa: E402

log = logging.getLogger("nightdesk.press.purging")

#: The newsstand must answer 410 before the CDN asks it again: it looks each 0.1 s.
NOTICE = 0.3
#: Between the purge and the question, and between a first good answer and the second round: a
#: shield may have given an edge the old answer in between.
ASK_AFTER, SECOND_ROUND = 0.2, 3.0
#: Seconds between attempts: 1, 2, 4 … this.
LONGEST_WAIT = 60.0
PATIENCE = 5.0
_GONE = (404, 410)


class Recall:
    """``url``: the newsroom's public address. Raises ``sqlite3.Error``."""

    def __init__(self, data: Path, cache: Cache, url: str) -> None:
        self._cache = cache
        self._url = url
        self._db = sqlite3.connect(data / NAME, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(SCHEMA)
        self._watched = takedowns.Watched(data)
        self._noted: set[str] = {id_ for (id_,) in self._db.execute("SELECT id FROM recall")}

    def close(self) -> None:
        self._db.close()

    def step(self, now: float) -> None:
        """Take in what was taken down since, and do what is due."""
        self._watched.look()
        down = self._watched.held.down
        for id_ in down.keys() - self._noted:
            self._db.execute(
                "INSERT OR IGNORE INTO recall (id, path, asked, due) VALUES (?, ?, ?, ?)",
                (id_, down[id_].path, now, now + NOTICE),
            )
            self._noted.add(id_)
        rows = self._db.execute("SELECT id, round, tries FROM recall WHERE due <= ?", (now,))
        for id_, round_, tries in rows.fetchall():
            if id_ in down:
                self._do(down[id_], round_, tries)
            else:
                self._db.execute("UPDATE recall SET due = NULL WHERE id = ?", (id_,))

    def _do(self, one: Withdrawn, round_: int, tries: int) -> None:
        try:
            self._cache.send(self.order(one))
            time.sleep(ASK_AFTER)
            said = next(self._still_there(one), "")
        except PurgeError as error:
            said = str(error)
        now = time.time()
        if said:
            wait = min(2.0**tries, LONGEST_WAIT)
            if tries in (0, 5):
                log.error("%s is not gone at the CDN: %s It is tried again.", one.path, said)
            self._db.execute(
                "UPDATE recall SET gone = NULL, trouble = ?, tries = tries + 1, due = ? "
                "WHERE id = ?",
                (said[:500], now + wait, one.id),
            )
        else:
            if round_ == 1 or tries:
                log.warning("%s is gone at the CDN.", one.path)
            self._db.execute(
                "UPDATE recall SET gone = coalesce(gone, ?), trouble = '', tries = 0, round = 2, "
                "due = ? WHERE id = ?",
                (now, now + SECOND_ROUND if round_ == 1 else None, one.id),
            )

    def order(self, one: Withdrawn) -> Order:
        """Its addresses and files, hard; whatever else showed it follows from the shelf."""
        paths = [*one.addresses, *(f"/media/{name}" for name in one.files)]
        return Order(
            urls=tuple(self._url + quote(path) for path in paths),
            tags=tuple(tags.own(path) for path in paths),
            hard=True,
        )

    def _still_there(self, one: Withdrawn) -> Iterator[str]:
        """What the CDN still hands out, in words."""
        files = [f"/media/{name}" for name in one.files if name.partition("-")[0] in one.stems]
        asked = one.addresses if not one.path.startswith("/media/") else [one.path]
        for door in self._cache.doors(self._url):
            for path in dict.fromkeys([*asked, *files]):
                status = _status(door, urlsplit(self._url).netloc, quote(path))
                if isinstance(status, str):
                    yield f"{urlsplit(door).netloc} cannot be asked ({status})."
                elif status not in _GONE:
                    yield f"{urlsplit(door).netloc} answers {path} with status {status}."


def _status(door: str, host: str, target: str) -> int | str:
    """The status that a reader gets there; a string says why nobody could be asked."""
    parts = urlsplit(door)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", target, headers={"Host": host, "User-Agent": "Nightdesk"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return getattr(error, "strerror", None) or str(error) or type(error).__name__
    finally:
        connection.close()
