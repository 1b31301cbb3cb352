"""One measured figure, and the table of them."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Figure:
    """``value`` in ``unit``; ``beside``: the rival's value in the same unit; ``ratio``: what the
    goal is about when it is a ratio; ``met``: None when no goal was set. ``load``: the machine's
    at the end of the measurement, ``at``: when that was (epoch)."""

    row: str
    what: str
    value: float
    unit: str
    beside: tuple[str, float] | None = None
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    note: str = ""
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))
    at: float = field(default_factory=time.time)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def number(value: float) -> str:
    """Three digits that count, thousands parted."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures: list[Figure]) -> str:
    """For a terminal and for docs/figures.md alike: a Markdown table."""
    lines = [
        "| what | measured | beside | ratio | goal | | load |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in figures:
        beside = f"{one.beside[0]} {number(one.beside[1])} {one.unit}" if one.beside else ""
        met = "" if one.met is None else "met" if one.met else "**missed**"
        what = f"{one.what} ({one.note})" if one.note else one.what
        lines.append(
            f"| {what} | {number(one.value)} {one.unit} | {beside} "
            f"| {'' if one.ratio is None else f'{one.ratio:.2f}'} | {one.goal} | {met} "
            f"| {one.load:.1f} |"
        )
    return "\n".join(lines)
