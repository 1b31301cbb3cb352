"""The walls: memory, time, disk, and a decoder that dies."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from nightdesk.media.darkroom import (
    DarkroomBroken,
    DarkroomFull,
    PictureRefused,
    develop,
    limits,
    refusals,
)
from tests.media import hostile

MEMORY_LIMIT = 400_000_000
#: Runs in a process of its own, so that its only child is the one that is measured.
MEASURE = """
import json, resource, sys
from pathlib import Path
from nightdesk.media.darkroom import PictureRefused, develop
data_bytes = int(sys.argv[3])
if data_bytes:
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
try:
    done, refused = develop(Path(sys.argv[1]), Path(sys.argv[2])), ""
except PictureRefused as refusal:
    done, refused = None, refusal.message
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
master = [done.master.width, done.master.height] if done else None
print(json.dumps({"peak": peak, "refused": refused, "master": master}))
"""


def measured(tmp_path: Path, data: bytes, *, data_bytes: int = 0) -> dict:
    """``develop`` on ``data``: its child's peak memory in bytes, and how it ended."""
    source = tmp_path / "upload"
    source.write_bytes(data)
    command = [sys.executable, "-c", MEASURE, str(source), str(tmp_path / "out"), str(data_bytes)]
    source_root = str(Path(limits.__file__).parents[3])
    answer = subprocess.run(
        command, env={"PYTHONPATH": source_root}, capture_output=True, check=True, text=True
    )
    return json.loads(answer.stdout)


def test_the_largest_transparent_png_stays_below_400_megabytes(tmp_path):
    """8,000 × 8,000 RGBA, the dearest of all that is taken: 256 MB of pixels."""
    seen = measured(tmp_path, hostile.blank_png(8000, 8000))
    assert seen["master"] == [2560, 2560]
    assert seen["peak"] <= MEMORY_LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "size", "options"),
    [
        ("jpeg", (16_320, 12_240), {}),
        ("jpeg", (8_900, 8_900), {"progressive": True}),
        ("jpeg", (6_300, 6_300), {"progressive": True, "subsampling": "4:4:4"}),
        ("png", (8_000, 8_000), {"compress_level": 1}),
        ("webp", (8_000, 8_000), {"method": 0}),
        ("webp", (8_000, 8_000), {"lossless": True, "method": 0, "quality": 0}),
        ("avif", (6_400, 5_000), {"subsampling": "4:4:4"}),
        ("heic", (8_064, 6_048), {"grid_tile_size": 512}),
        ("heic", (8_000, 8_000), {}),
        ("heic", (6_400, 5_000), {"chroma": "444"}),
    ],
    ids=lambda value: str(value).replace(" ", ""),
)
def test_the_largest_picture_of_each_format_stays_below_400_megabytes(
    tmp_path, kind, size, options
):
    """Costs about 90 s of CPU and 1 GB in the test itself, most of it for making the pictures."""
    data = hostile.saved(hostile.scene(800, 600).resize(size), kind, **options)
    seen = measured(tmp_path, data)
    assert seen["refused"] == "" and max(seen["master"]) == 2560
    assert seen["peak"] <= MEMORY_LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(("size", "chroma"), [((6_016, 3_984), "422"), ((4_032, 2_976), "444")])
def test_the_largest_ten_bit_camera_picture_stays_below_400_megabytes(tmp_path, size, chroma):
    """Costs about 10 s of CPU each."""
    seen = measured(tmp_path, hostile.ten_bit_heic(size, chroma))
    assert seen["refused"] == "" and max(seen["master"]) == 2560
    assert seen["peak"] <= MEMORY_LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["avif", "heic"])
def test_the_largest_transparent_picture_of_each_format_stays_below_400_megabytes(tmp_path, kind):
    """Costs about 15 s of CPU each."""
    clear = hostile.scene(800, 600).resize((6_000, 4_000))
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    rich = {"avif": {"subsampling": "4:4:4"}, "heic": {"chroma": "444"}}[kind]
    seen = measured(tmp_path, hostile.saved(clear, kind, **rich))
    assert seen["refused"] == "" and max(seen["master"]) == 2560
    assert seen["peak"] <= MEMORY_LIMIT


def test_a_progressive_jpeg_too_large_to_hold_is_refused_before_it_is_decoded(tmp_path):
    small = hostile.saved(hostile.scene(), "jpeg", progressive=True)
    frame = small.index(b"\xff\xc2")
    sides = (14_000).to_bytes(2, "big") * 2
    seen = measured(tmp_path, small[: frame + 5] + sides + small[frame + 9 :])
    assert seen["refused"] == (
        "This picture has 196 million pixels and is saved as a progressive JPEG; the limit for "
        "those is 80 million. Make it smaller, or save it as a standard (baseline) JPEG, and "
        "upload it again."
    )
    assert seen["peak"] < 100_000_000


def test_a_picture_over_the_limit_is_refused_with_the_promised_sentence(tmp_path):
    seen = measured(tmp_path, hostile.png_of(11_000, 11_000))
    assert seen["refused"] == (
        "This picture has 121 million pixels; the limit is 64 million. Make it smaller and upload "
        "it again."
    )
    assert seen["peak"] < 100_000_000


def test_a_decoder_out_of_memory_ends_as_a_sentence(tmp_path):
    seen = measured(tmp_path, hostile.blank_png(7000, 7000), data_bytes=120_000_000)
    assert seen["refused"] == refusals.TOO_MUCH_MEMORY
    assert list((tmp_path / "out").iterdir()) == []


def test_a_picture_that_takes_too_long_is_given_up(tmp_path):
    source = tmp_path / "upload.png"
    source.write_bytes(hostile.blank_png(8000, 8000))
    began = time.monotonic()
    with pytest.raises(PictureRefused, match=r"given up after 0\.3 seconds"):
        develop(source, tmp_path / "out", time_limit=0.3)
    assert time.monotonic() - began < 2
    assert list((tmp_path / "out").iterdir()) == []


def test_an_upload_of_too_many_bytes_is_refused_before_a_child_is_started(tmp_path):
    source = tmp_path / "upload.jpg"
    with source.open("wb") as file:
        file.truncate(70_500_000)
    with pytest.raises(PictureRefused, match=r"This file has 71 MB; the limit is 60 MB\."):
        develop(source, tmp_path / "out")
    with pytest.raises(PictureRefused, match="the limit is 10 MB"):
        develop(source, tmp_path / "out", byte_limit=10_000_000)
    assert not (tmp_path / "out").exists()


@pytest.mark.fault
def test_a_decoder_that_crashes_ends_as_a_sentence(tmp_path):
    """The child gets a real segmentation fault's signal in the middle of its work."""
    source, out = tmp_path / "upload.png", tmp_path / "out"
    source.write_bytes(hostile.blank_png(8000, 8000))
    crash = threading.Thread(target=_crash_the_child_in, args=(out,))
    crash.start()
    with pytest.raises(PictureRefused) as refused:
        develop(source, out)
    crash.join()
    assert refused.value.message == refusals.CRASHED
    assert list(out.iterdir()) == []


def _crash_the_child_in(folder: Path) -> None:
    """Kills the child that works in ``folder`` once it holds decoded pixels."""
    for process in _children_at_work_in(folder):
        resident = int((process / "statm").read_text().split()[1]) * resource.getpagesize()
        if resident > 60_000_000:
            os.kill(int(process.name), signal.SIGSEGV)
            return


def _children_at_work_in(folder: Path) -> Iterator[Path]:
    """The child's folder in /proc, again and again while it runs (or for ten seconds).

    Before its ``exec`` a child still shows its parent's memory and environment, hence the look at
    its command line.
    """
    for _ in range(2000):
        time.sleep(0.005)
        for process in Path("/proc").glob("[0-9]*"):
            try:
                here = Path(os.readlink(process / "cwd")).parent == folder
                if here and b"nightdesk.media.darkroom.child" in (process / "cmdline").read_bytes():
                    yield process
            except OSError:
                continue


@pytest.mark.fault
def test_a_full_disk_is_called_a_full_disk_and_leaves_nothing_behind(tmp_path):
    source, disk = tmp_path / "upload.jpg", tmp_path / "disk"
    source.write_bytes(hostile.saved(hostile.scene(2000, 1500), "jpeg"))
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        with pytest.raises(DarkroomFull) as full:
            develop(source, disk)
        assert full.value.message.startswith("The disk is full")
        assert isinstance(full.value, OSError)
        assert list(disk.iterdir()) == []
        (disk / "other").write_bytes(b"x" * 256 * 1024)
        with pytest.raises(DarkroomFull):
            develop(source, disk / "deeper")
        assert [path.name for path in disk.rglob("*") if path.is_file()] == ["other"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_broken_installation_is_not_blamed_on_the_picture(tmp_path, monkeypatch):
    source = tmp_path / "upload.jpg"
    source.write_bytes(hostile.saved(hostile.scene(), "jpeg"))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DarkroomBroken):
        develop(source, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_child_gets_no_secret_from_the_environment(tmp_path, monkeypatch):
    """Nothing but where to import from: a decoder that was taken over finds no key."""
    monkeypatch.setenv("NIGHTDESK_SECRET_KEY", "open-sesame")
    source, seen = tmp_path / "upload.png", []

    def look() -> None:
        process = next(_children_at_work_in(tmp_path / "out"))
        seen.append((process / "environ").read_bytes())

    source.write_bytes(hostile.blank_png(3000, 3000))
    watch = threading.Thread(target=look)
    watch.start()
    develop(source, tmp_path / "out")
    watch.join()
    assert b"PYTHONPATH=" in seen[0] and b"sesame" not in seen[0]


def test_two_uploads_at_once_do_not_disturb_each_other(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(hostile.saved(hostile.scene(1400, 900), "jpeg"))
    other.write_bytes(hostile.saved(hostile.scene(900, 1400), "png"))
    results = {}

    def work(source: Path) -> None:
        results[source.name] = develop(source, tmp_path / "shared")

    threads = [threading.Thread(target=work, args=(source,)) for source in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (results["one"].master.width, results["other"].master.width) == (1400, 900)
    made = [[m.path for m in (r.master, *r.sizes, r.card) if m] for r in results.values()]
    assert len({*made[0], *made[1]}) == len(made[0]) + len(made[1])
    assert set((tmp_path / "shared").iterdir()) == {*made[0], *made[1]}
