"""One fixed SQLite for the whole product.

Debian 12 ships SQLite 3.40, which can corrupt a WAL database when it resets the log (fixed in
3.51.3, backported to 3.50.7 and 3.44.6). So Nightdesk brings its own library and puts it in the
place of the standard module before anything imports it.
"""

import sys


def use_fixed_sqlite() -> None:
    """Make ``import sqlite3`` mean our pinned SQLite in this process. Safe to call twice."""
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def is_safe_version(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the fix for the WAL-reset corruption (sqlite.org/wal.html)."""
    if version >= (3, 51, 3):
        return True
    return (version[:2] == (3, 50) and version[2] >= 7) or (
        version[:2] == (3, 44) and version[2] >= 6
    )
