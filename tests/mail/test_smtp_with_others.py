"""Our client beside others: Postfix as the relay, and another client to the same relay."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
from email import message_from_bytes
from pathlib import Path

import aiosmtplib
import pytest

from nightdesk.bench.newsletters.behaviour import Behaviour, Refusal
from nightdesk.bench.newsletters.sink import Sink
from tests.mail.carrying import (
    LATER,
    REFUSED,
    SENT,
    a_message,
    carried,
    courier_to,
    fates,
    messages,
)
from tests.mail.certificates import a_certificate
from tests.ports import free_port


def test_another_client_delivers_the_same_bytes():
    """aiosmtplib, one command at a time, is the oracle of what must arrive."""
    chance = random.Random(7)
    bits = [b".", b"..", b"x", b"\r\n", b"\r\n.", b"\r\n..\r\n", b"DATA\r\n", b" ", b"=\r\n"]
    some = [
        a_message(
            key,
            content=b"Subject: %d\r\n\r\n" % key + b"".join(chance.choices(bits, k=40)) + b"\r\n",
        )
        for key in range(60)
    ]

    async def run():
        async with Sink(keep=True) as ours, Sink(keep=True) as theirs:
            assert fates(await carried(courier_to(ours.port, 4), some)) == [SENT] * len(some)
            async with aiosmtplib.SMTP(hostname="127.0.0.1", port=theirs.port) as other:
                for message in some:
                    await other.sendmail(message.mail_from, [message.rcpt_to], message.content)
            assert sorted(ours.kept) == sorted(theirs.kept)

    asyncio.run(run())


MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 1 1 qmgr
proxymap  unix - - n - - proxymap
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
smtp      unix - - n - - smtp
retry     unix - - n - - error
error     unix - - n - - error
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:{onward}
smtp_host_lookup = native
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/access
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = {tls}
message_size_limit = 100000
"""


POSTFIX = "/usr/sbin/postfix"


@pytest.fixture
def folder():
    """Not below pytest's own, which is closed to the accounts of Postfix's daemons."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-postfix-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextlib.contextmanager
def postfix(folder: Path, onward: int, tls: str):
    """Debian's Postfix on a free port, from a configuration of its own, without any service of
    the system; it hands everything on to ``onward``."""
    if os.getuid() or not Path(POSTFIX).exists():
        pytest.skip("Postfix starts only as root, and must be installed")
    port = free_port()
    config, queue, data = (folder / name for name in ("config", "queue", "data"))
    for one in (config, queue, data):
        one.mkdir()
    shutil.chown(data, "postfix")
    a_certificate(folder, "relay.test")
    access = "gone@post.example 550 5.1.1 gone\nbusy@post.example 450 4.2.1 busy\n"
    (folder / "access").write_text(access)
    (config / "master.cf").write_text(MASTER.format(port=port))
    (config / "main.cf").write_text(MAIN.format(folder=folder, onward=onward, tls=tls))
    command = [POSTFIX, "-c", str(config)]
    subprocess.run([*command, "start"], check=True, capture_output=True, timeout=30)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield port, folder / "log"
    finally:
        subprocess.run([*command, "stop"], capture_output=True, timeout=30)


@pytest.mark.parametrize("tls", ["none", "may"])
def test_postfix_takes_everything_in_groups_and_hands_it_on(folder, tls):
    some = [
        *messages(40),
        a_message(41, to="gone@post.example"),
        a_message(42, to="busy@post.example"),
        a_message(43, content=b"Subject: big\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y\r\n" * 40_000),
        a_message(44, to="željka@post.example"),
        a_message(45, content=b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n"),
    ]

    async def run():
        async with Sink(keep=True) as sink:
            with postfix(folder, sink.port, tls) as (port, log):
                outcomes = await carried(courier_to(port, 4), some, seconds=60)
                wanted = fates(outcomes).count(SENT)
                async with asyncio.timeout(60):
                    while sink.taken < wanted:
                        await asyncio.sleep(0.1)
            return outcomes, sink.kept, log.read_text()

    outcomes, kept, log = asyncio.run(run())
    assert fates(outcomes[:40]) == [SENT] * 40
    assert [(one.fate.value, one.code, one.concerns_all) for one in outcomes[40:42]] == [
        (REFUSED, 550, False),
        (LATER, 450, False),
    ]
    assert outcomes[42].text.endswith("the relay takes at most 100000.")
    assert fates(outcomes[43:]) == [SENT] * 2
    assert all("queued as" in one.text for one in outcomes if one.fate.value == SENT)
    assert "pipelining" not in log.lower()  # it has found nothing improper
    assert ("TLS connection established" in log or "starttls=1" in log) == (tls == "may")
    handed_on = {recipient: content for _, recipient, content in kept}
    assert len(handed_on) == 42
    assert handed_on["reader45@post.example"].endswith(b"\r\n\r\n.\r\n..\r\n.x\r\n")
    ids = {message_from_bytes(content)["Message-ID"] for content in handed_on.values()}
    assert {f"<{key}@news.example>" for key in range(1, 41)} <= ids
    assert len(re.findall(r"disconnect from .* quit=1", log)) >= 1


def test_a_relay_that_hands_on_slowly_is_not_asked_twice():
    """What a sink behind a slow, refusing relay saw, counted."""

    async def run():
        behaviour = Behaviour(delay=20, refuse=(Refusal(451, 0.3, "dot"),))
        async with Sink(behaviour, keep=True) as sink:
            outcomes = await carried(courier_to(sink.port, 10), messages(100))
            assert len(sink.kept) == fates(outcomes).count(SENT)
            assert len({content for _, _, content in sink.kept}) == len(sink.kept)

    asyncio.run(run())
