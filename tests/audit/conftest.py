"""A chain of each test's own, and the ways of somebody who forges."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import connection

from nightdesk.audit import chain, look
from nightdesk.audit.follow import follow


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    look._rests_until = None
    return tmp_path


@pytest.fixture
def begun(newsroom, data):
    """The chain has begun and knows what was live."""
    look.look_through_everything()
    return data


def entries(**wanted):
    follow()
    with chain.reading() as book:
        found = book.after(0, 10_000)
    return [e for e in found if all(getattr(e, name) == value for name, value in wanted.items())]


def by_hand(statement: str, *values: object) -> None:
    """Into the main database, past Nightdesk."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount, "the forger missed"


def in_the_file(statement: str, *values: object) -> None:
    """Into the chain, by somebody who has its file."""
    opened = sqlite3.connect(chain.path(), isolation_level=None)
    try:
        opened.execute("DROP TRIGGER IF EXISTS entry_stays")
        opened.execute("DROP TRIGGER IF EXISTS entry_remains")
        assert opened.execute(statement, values).rowcount
    finally:
        opened.close()


def wrong() -> list[str]:
    return [found.said for found in look.look_through_everything()]
