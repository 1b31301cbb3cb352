"""The suite's own time: what is dear begins first, and every process agrees on the order."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import _LONG, HERE, ROOT, dear_first


def item(path: str, *marks: str) -> SimpleNamespace:
    found = [SimpleNamespace(name=mark) for mark in marks]
    return SimpleNamespace(path=Path(path), iter_markers=lambda: iter(found))


FILES = [
    [item("cheap.py"), item("cheap.py")],
    [item("faults.py", "fault"), item("faults.py", "fault", "browser")],
    [item("pages.py", "browser"), item("pages.py")],
    [item("more.py", "database")],
    [item("mixed.py"), item("mixed.py", "fault")],
]


def test_a_long_file_without_a_mark_comes_first_too():
    long = [next(HERE.glob(f"{name}*.py" if name.endswith("/") else name)) for name in _LONG]
    items = [item("cheap.py"), *(item(str(path)) for path in long)]
    dear_first(items)
    assert [one.path for one in items] == [*long, Path("cheap.py")]


def test_xdist_does_not_put_the_files_in_an_order_of_its_own():
    runs = [line for line in (ROOT / "Makefile").read_text().splitlines() if " -n 2 " in line]
    assert len(runs) == 3 and all("$(DEAR_FIRST)" in line for line in runs)


@pytest.mark.parametrize("seed", range(5))
def test_dear_files_come_first_by_turns_and_all_others_as_they_were_shuffled(seed):
    shuffled = random.Random(seed).sample(FILES, len(FILES))
    items = [one for file in shuffled for one in file]
    first = list(items)
    dear_first(items)
    order = list(dict.fromkeys(str(one.path) for one in items))
    assert {order[0], order[2]} == {"faults.py", "mixed.py"} and order[1] == "pages.py"
    others = [str(one.path) for one in first if str(one.path) in ("cheap.py", "more.py")]
    assert order[3:] == list(dict.fromkeys(others)), "as it was shuffled"
    for file in FILES:
        assert [one for one in items if one in file] == file
    again = list(first)
    dear_first(again)
    assert again == items
