"""Print in this process, counting every SQL statement, processor second and printed path."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from nightdesk.press.printing.loop import Press
from nightdesk.press.printing.printer import Printer

#: How the press looks for changes, so and so often a second: more of these mean a slow machine.
_BY_THE_CLOCK = ("PRAGMA data_version", 'SELECT "press_outboxentry"')


class _Counting(Printer):
    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def print(self, path: str) -> Any:
        self.paths.append(path)
        return super().print(path)


class _AtWork:
    """The one press of this process; it stays open, as the real one does."""

    def __init__(self) -> None:
        self.printer = _Counting()
        self.press = Press(Path(settings.DATA), self.printer)
        # Looking again at what should not have changed is no part of a publish.
        self.press._recheck.next = lambda _now: None

    def run_dry(self) -> list[str]:
        self.printer.paths.clear()
        self.press.wake.forget()  # our own commits do not count as somebody else's
        self.press.run_dry()
        return list(self.printer.paths)


_at_work: _AtWork | None = None


def _press() -> _AtWork:
    global _at_work
    if _at_work is None:
        _at_work = _AtWork()
    return _at_work


def print_all() -> dict[str, Any]:
    """Print whatever waits; {"printed": count}."""
    return {"printed": len(_press().run_dry())}


def measured(change: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Make a change and print what it makes stale: ``sql`` statements, ``cpu`` seconds, both with
    their parts ``…_change``; ``printed``: kind → paths; and what the change itself told."""
    at_work = _press()
    counted = 0

    def count(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal counted
        counted += not sql.startswith(_BY_THE_CLOCK)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        cpu = time.process_time()
        told = change()
        sql_change, cpu_change = counted, time.process_time() - cpu
        paths = at_work.run_dry()
        cpu_all = time.process_time() - cpu
    return {
        **told,
        "sql": counted,
        "sql_change": sql_change,
        "cpu": cpu_all,
        "cpu_change": cpu_change,
        "printed": _by_kind(at_work.press, paths),
    }


def _by_kind(press: Press, paths: list[str]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for path in paths:
        row = press.shelf.opened.execute(
            "SELECT kind FROM entry WHERE path = ?", (path,)
        ).fetchone()
        kinds.setdefault(row[0] if row else "gone", []).append(path)
    return kinds
