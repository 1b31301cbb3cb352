"""Large bodies on a full disk: an editor's form and the admin's own scripts still get through."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.newsstand import spool
from nightdesk.newsstand.spool import Spool
from tests.faults.full_disk import fill, small_disk

PART = os.urandom(100_000)


def in_memory() -> set[Path]:
    return set(spool._MEMORY.glob(f"{spool._PREFIX}*"))


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Spool]:
    """Room for 200 kB and no more."""
    with small_disk(tmp_path / "disk", 2) as disk:
        opened = Spool(disk / "spool")
        filler = fill(disk)
        os.truncate(filler, filler.stat().st_size - 200_000)
        yield opened


@pytest.mark.parametrize("parts", [1, 2, 3, 40])
def test_an_answer_that_outgrows_the_disk_goes_on_in_memory(full, parts):
    before = in_memory()
    answer = full.for_answer()
    for _ in range(parts):
        answer.write(PART)
    assert answer.size == parts * len(PART)
    assert answer.path.read_bytes() == PART * parts
    assert (answer.path in in_memory()) == (parts > 1)
    answer.discard()
    assert in_memory() == before and not answer.path.exists()


def test_an_upload_too_but_nothing_is_left_of_it_when_we_are_killed(full):
    before = in_memory()
    with full.for_upload() as upload:
        for _ in range(30):
            upload.write(PART)
        assert in_memory() == before, "it has no name"
        assert upload.from_the_start().read() == PART * 30


def test_a_film_does_not_take_the_machines_memory(full):
    with full.for_upload() as upload, pytest.raises(OSError, match="No space left"):
        for _ in range(60):
            upload.write(PART)
    assert upload.size <= spool._LARGEST


def test_nor_do_many_small_ones_together_and_memory_is_given_back(full):
    taken = []
    with pytest.raises(OSError, match="No space left"):
        for _ in range(20):
            taken.append(full.for_answer())
            for _ in range(30):
                taken[-1].write(PART)
    assert sum(answer.size for answer in taken) <= spool._ALL + 200_000
    for answer in taken:
        answer.discard()
    again = full.for_answer()
    for _ in range(30):
        again.write(PART)
    again.discard()


def test_what_a_crash_left_in_memory_is_forgotten_when_it_is_old(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "_MEMORY", tmp_path)
    old, new = (tmp_path / f"{spool._PREFIX}{name}" for name in ("old", "new"))
    old.touch()
    new.touch()
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    Spool(tmp_path / "spool")
    assert new.exists() and not old.exists()
