"""One line of the doctor's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """``level`` is ok, warning or problem; ``do`` is what to do about it."""

    level: str
    what: str
    is_so: str
    do: str = ""

    def __str__(self) -> str:
        advice = f" → {self.do}" if self.do else ""
        return f"{self.level:<8} {self.what:<12} {self.is_so}{advice}"


def ok(what: str, is_so: str) -> Finding:
    return Finding("ok", what, is_so)


def warning(what: str, is_so: str, do: str) -> Finding:
    return Finding("warning", what, is_so, do)


def problem(what: str, is_so: str, do: str) -> Finding:
    return Finding("problem", what, is_so, do)
