"""Promise P6: nothing hostile does harm, and nothing private comes out.

The whole corpus is developed once, two pictures at a time, about 25 s of CPU.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from nightdesk.media.darkroom import Developed, PictureRefused, develop, limits
from tests.media import hostile
from tests.media.hostile import CANARY, Hostile

MEMORY_LIMIT = 400_000_000
#: Prints the peak of every child, in bytes. In a small process of its own: Linux counts a child
#: from before it becomes another program, when it weighs what its parent weighs.
PEAK = """
import contextlib, resource, sys
from pathlib import Path
from nightdesk.media.darkroom import PictureRefused, develop
for source in sys.argv[2:]:
    with contextlib.suppress(PictureRefused):
        develop(Path(source), Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
#: What a finished file may say about itself: how its pixels are packed.
TECHNICAL_GROUPS = {
    *("SourceFile", "ExifTool", "System", "File", "Composite", "JFIF", "RIFF"),
    *("QuickTime", "Meta", "ItemList", "Track1"),
}
#: Words in the name of a tag, of whatever group, that could tell who, where or when.
TELLING = ("gps", "artist", "creator", "author", "copyright", "comment", "serial", "date")


@dataclass(frozen=True)
class End:
    """What became of one: files, a refusal's sentence, or an accident."""

    done: Developed | None = None
    refused: str = ""
    accident: str = ""
    left: tuple[str, ...] = ()


def run(one: Hostile, folder: Path) -> End:
    folder.mkdir()
    source = folder / one.name
    source.write_bytes(one.data)
    into = folder / "finished"
    try:
        return End(done=develop(source, into))
    except PictureRefused as refusal:
        left = tuple(path.name for path in into.iterdir()) if into.exists() else ()
        return End(refused=refusal.message, left=left)
    except Exception as error:
        return End(accident=f"{type(error).__name__}: {error}")


def run_all(pictures: list[Hostile], folder: Path) -> list[End]:
    with ThreadPoolExecutor(2) as two_at_once:
        folders = [folder / str(number) for number in range(len(pictures))]
        return list(two_at_once.map(run, pictures, folders))


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> list[tuple[Hostile, End]]:
    pictures = list(hostile.corpus())
    ends = run_all(pictures, tmp_path_factory.mktemp("known"))
    return list(zip(pictures, ends, strict=True))


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory) -> list[tuple[Hostile, End]]:
    pictures = list(hostile.cut_off())
    return list(zip(pictures, run_all(pictures, tmp_path_factory.mktemp("cut")), strict=True))


@pytest.fixture(scope="module")
def scrambled(tmp_path_factory) -> list[tuple[Hostile, End]]:
    pictures = list(hostile.scrambled())
    return list(zip(pictures, run_all(pictures, tmp_path_factory.mktemp("dice")), strict=True))


def test_no_file_of_the_corpus_needs_more_than_400_megabytes(tmp_path):
    sources = []
    for number, one in enumerate(hostile.corpus()):
        sources.append(tmp_path / f"{number}")
        sources[-1].write_bytes(one.data)
    command = [sys.executable, "-c", PEAK, str(tmp_path / "out"), *map(str, sources)]
    source_root = str(Path(limits.__file__).parents[3])
    environ = {"PYTHONPATH": source_root}
    answer = subprocess.run(command, env=environ, capture_output=True, check=True, text=True)
    assert 0 < int(answer.stdout) <= MEMORY_LIMIT


def failures(pairs: list[tuple[Hostile, End]], wrong: Callable[[Hostile, End], object]) -> list:
    return [(one.name, end) for one, end in pairs if wrong(one, end)]


def finished_files(pairs: list[tuple[Hostile, End]]) -> list[Path]:
    return [
        made.path
        for _, end in pairs
        if end.done
        for made in (end.done.master, *end.done.sizes, *filter(None, [end.done.card]))
    ]


def test_the_corpus_is_as_large_as_promised():
    assert len(hostile.corpus()) >= 60


def test_every_hostile_file_ends_as_a_clean_picture_or_a_plain_sentence(known):
    def wrong(one: Hostile, end: End) -> bool:
        if one.refused is None:
            return end.done is None
        return one.refused not in end.refused

    assert failures(known, wrong) == []


def test_a_picture_broken_off_anywhere_is_refused(cut_off):
    assert failures(cut_off, lambda one, end: not end.refused) == []


def test_random_damage_never_causes_an_accident(scrambled):
    assert failures(scrambled, lambda one, end: end.accident) == []


def test_a_refusal_leaves_nothing_behind(known, cut_off, scrambled):
    assert failures([*known, *cut_off, *scrambled], lambda one, end: end.left) == []


def test_refusals_tell_the_editor_what_to_do(known, cut_off):
    for one, end in [*known, *cut_off]:
        if end.refused:
            assert end.refused.count(".") >= 2 or "upload it again." in end.refused, one.name
            assert not any(word in end.refused for word in ("Error", "None", "0x", "Traceback"))


def test_no_byte_of_a_finished_file_names_the_source(known, scrambled):
    spellings = [CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    files = finished_files([*known, *scrambled])
    assert {path.suffix for path in files} == {".jpg", ".webp", ".avif"}
    for path in files:
        data = path.read_bytes()
        assert not any(spelling in data for spelling in spellings), path
        assert b"<script" not in data and b"Exif" not in data and b"xpacket" not in data, path
        assert CANARY not in path.name


def test_the_hostile_files_do_carry_what_must_not_come_out():
    """The test above proves nothing if its input is already clean."""
    for kind in hostile.FORMATS:
        (leaking,) = [one for one in hostile.corpus() if one.name == f"gps.{kind}"]
        assert CANARY.encode() in leaking.data, kind


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_only_how_the_pixels_are_packed(known, scrambled, tmp_path):
    listing = tmp_path / "files"
    listing.write_text("\n".join(map(str, finished_files([*known, *scrambled]))))
    command = ["exiftool", "-j", "-G1", "-a", "-u", "-ee3", "-@", str(listing)]
    answer = subprocess.run(command, capture_output=True, check=False)
    seen = json.loads(answer.stdout)
    assert len(seen) == len(listing.read_text().splitlines()) > 400
    for file in seen:
        for tag, value in file.items():
            group, _, name = tag.partition(":")
            assert group in TECHNICAL_GROUPS, (file["SourceFile"], tag, value)
            if group not in {"System", "File", "ExifTool", "SourceFile"}:
                assert not any(word in name.lower() for word in TELLING), (tag, value)
