"""Without a relay, each mail is a file: whole, private, in the order of time."""

from __future__ import annotations

import asyncio
import re
import stat
import subprocess

import pytest

from nightdesk.mail.adapters.folder import FolderCourier
from tests.mail.carrying import LATER, SENT, a_message, carried, fates, messages


def test_files_sort_by_time_and_cannot_be_guessed(tmp_path):
    asyncio.run(carried(FolderCourier(tmp_path / "mail"), messages(5)))
    names = sorted(file.name for file in (tmp_path / "mail").iterdir())
    assert all(re.fullmatch(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{24}\.eml", name) for name in names)
    in_order = [(tmp_path / "mail" / name).read_bytes() for name in names]
    assert [b"No. %d" % key in one for key, one in enumerate(in_order, 1)] == [True] * 5


def test_files_are_for_their_owner_alone(tmp_path):
    asyncio.run(carried(FolderCourier(tmp_path / "mail"), messages(1)))
    (file,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


def test_an_address_cannot_write_headers(tmp_path):
    asyncio.run(
        carried(FolderCourier(tmp_path), [a_message(to="x@y.example>\r\nBcc: <z@y.example")])
    )
    (file,) = tmp_path.glob("*.eml")
    assert b"\r\nBcc" not in file.read_bytes()


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(words, capture_output=True).returncode:
        pytest.skip("cannot mount a small disk here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.fault
def test_on_a_full_disk_mail_waits_and_leaves_no_half_files(small_disk):
    async def run():
        courier = FolderCourier(small_disk / "mail")
        big = [a_message(key, content=b"Subject: x\r\n\r\n" + b"x" * 60_000) for key in range(8)]
        outcomes = await carried(courier, big)
        sent = fates(outcomes).count(SENT)
        assert 0 < sent < 8
        assert fates(outcomes)[sent:] == [LATER] * (8 - sent)
        assert all(one.concerns_all and "space" in one.text for one in outcomes[sent:])
        assert len(list((small_disk / "mail").iterdir())) == sent
        for file in (small_disk / "mail").iterdir():
            file.unlink()
        assert fates(await carried(courier, big[:1])) == [SENT]

    asyncio.run(run())
