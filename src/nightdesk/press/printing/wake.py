"""Notice within 50 ms that somebody has changed the main database.

SQLite counts the commits of others in ``PRAGMA data_version``, for 4 µs a look. PostgreSQL is
simply asked again: its NOTIFY takes a lock that every commit would queue for.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from django.db import connection

_EVERY = 0.05
_EVERY_ON_A_SERVER = 0.1
#: Lost or not, a change is looked for at least this often, in seconds.
_AT_LEAST = 1.0


class Wake:
    """Tells the press's own thread when the outbox is worth a look."""

    def __init__(self) -> None:
        self._seen: object = None
        self._looked = 0.0

    def changed(self) -> bool:
        """Whether there may be something new since the last time this said yes.

        Raises ``FileNotFoundError`` when the database file is gone: opening it would make an empty
        one in its place. Raises ``django.db.Error`` when it does not answer.
        """
        if connection.vendor == "sqlite":
            now: object = self._state_of_file()
        else:
            now = time.monotonic()
        late = time.monotonic() - self._looked > _AT_LEAST
        if now == self._seen and not late:
            return False
        self._seen, self._looked = now, time.monotonic()
        return True

    def forget(self) -> None:
        """What changed could not be taken: say yes again the next time."""
        self._seen = None

    def _state_of_file(self) -> tuple[object, ...]:
        name = connection.settings_dict["NAME"]
        inode = _inode(name) if "mode=memory" not in str(name) else 0
        if connection.connection is not None and getattr(self, "_inode", inode) != inode:
            connection.close()  # another database has been put in its place
        self._inode = inode
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            (version,) = cursor.fetchone()
        return inode, id(connection.connection), version

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Until something may have changed, at most so long."""
        every = _EVERY if connection.vendor == "sqlite" else _EVERY_ON_A_SERVER
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not stop.wait(min(every, left)):
            try:
                state = self._state_of_file() if connection.vendor == "sqlite" else None
            except OSError:
                return
            if state is None or state != self._seen:
                return


def _inode(file: Path | str) -> int:
    return Path(file).stat().st_ino
