"""Is the main database's file still the one that is open?

A file that is moved, deleted or replaced while it is open can be written as before, and everything
written is lost with it. So whoever is about to acknowledge a change asks here first. PostgreSQL
notices by itself.
"""

from __future__ import annotations

from pathlib import Path

from django.db import OperationalError, connection
from django.db.backends.signals import connection_created


class DatabaseGoneError(OperationalError):
    """The database's file is not in its place; what was written now would be lost."""


def listen() -> None:
    """Remember which file each connection has opened."""
    connection_created.connect(_remember, dispatch_uid="press.database_file")


def in_place() -> None:
    """Return when changes go where the next start will find them.

    A file that was replaced by another is opened anew. Raises ``DatabaseGoneError``.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    inode = _inode()
    if inode is None:
        raise DatabaseGoneError(f"{connection.settings_dict['NAME']} is not there.")
    opened = getattr(connection, "opened_inode", None)
    if connection.connection is not None and opened != inode and not connection.in_atomic_block:
        connection.close()


def _remember(connection: object, **_kwargs: object) -> None:
    connection.opened_inode = _inode(connection)  # type: ignore[attr-defined]


def _inode(of: object = connection) -> int | None:
    try:
        return Path(of.settings_dict["NAME"]).stat().st_ino  # type: ignore[attr-defined]
    except (OSError, TypeError):
        return None
