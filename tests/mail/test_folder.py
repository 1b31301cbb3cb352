"""Without a relay, each mail is a file: whole, private, in the order of time."""

from __future__ import annotations

import asyncio
import datetime
import re
import stat
import subprocess

import pytest

from nightdesk.mail import mailbox
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


def test_a_file_is_deleted_after_thirty_days_and_nothing_else_is(tmp_path):
    asyncio.run(carried(FolderCourier(tmp_path), messages(2)))
    (tmp_path / "20200101 notes of an engineer.txt").write_text("mine")
    tidy = mailbox.Tidying(lambda: tmp_path)
    now = datetime.datetime.now(datetime.UTC)
    assert tidy(now + datetime.timedelta(days=29)) == 0
    assert tidy(now + datetime.timedelta(days=29, minutes=59)) == 0
    assert tidy(now + datetime.timedelta(days=31)) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["20200101 notes of an engineer.txt"]


def test_the_mail_to_one_person_is_found_by_its_envelope_alone(tmp_path):
    """A mail may quote another reader's address, in a header of the same name even."""
    quoting = b"X-Nightdesk-Envelope-To: <gone@post.example>\r\nSubject: x\r\n\r\nx"
    others = [a_message(1, to="stays@post.example", content=quoting), a_message(2)]
    mails = [*others, a_message(3, to="gone@post.example"), a_message(4, to="gone@post.example")]
    asyncio.run(carried(FolderCourier(tmp_path), mails))
    assert mailbox.forget_recipient(tmp_path, lambda address: address == "gone@post.example") == 2
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"To: <stays@post.example>" in left and b"To: <reader2@post.example>" in left


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
