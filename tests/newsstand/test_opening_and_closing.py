"""The newsstand opens or says why not, and closes without cutting answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from .test_pages_from_the_shelf import soon


def command(*arguments: str, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "nightdesk.newsstand", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ | settings,
    )


def test_a_port_in_use_is_named_with_what_to_do(newsstand):
    second = command("--port", str(newsstand.port), "--upstream", "/nowhere/site.sock")
    assert second.returncode == 1
    assert second.stderr == (
        f"nightdesk newsstand: Port {newsstand.port} on 127.0.0.1 is in use by another program. "
        "Stop that program, or choose another port with --port.\n"
    )


def test_an_address_of_another_machine_is_named():
    answer = command("--host", "203.0.113.1", "--port", "18999")
    assert answer.returncode == 1
    assert "This machine has no address 203.0.113.1" in answer.stderr


def test_a_wrong_setting_is_one_line():
    answer = command(TRUSTED_PROXIES="10.0.0.0/8, the-office")
    assert answer.returncode == 2
    assert answer.stderr == (
        "nightdesk newsstand: TRUSTED_PROXIES names 'the-office'; expected an address or a network "
        "such as 10.0.0.0/8.\n"
    )


def test_an_answer_under_way_is_finished_before_closing(site, open_newsstand):
    newsstand = open_newsstand()
    got = []
    reader = threading.Thread(target=lambda: got.append(newsstand.get("/slow")))
    reader.start()
    soon(lambda: site.at_once == 1, 20)
    assert newsstand.stop() < 5
    reader.join()
    assert got[0].status == 200
    assert newsstand.process.returncode == 0


def test_idle_and_half_open_connections_do_not_hold_up_closing(site, open_newsstand):
    newsstand = open_newsstand()
    idle = [newsstand.connect() for _ in range(20)]
    idle[0].sendall(b"GET /news/ HTTP/1.1\r\nHost: a\r\n")
    assert newsstand.stop() < 5
    assert newsstand.process.returncode == 0
    for connection in idle:
        connection.close()


def test_the_newsstand_needs_neither_django_nor_wagtail():
    listing = (
        "import sys, nightdesk.newsstand.command; "
        "print({'django', 'wagtail', 'PIL'} & {name.partition('.')[0] for name in sys.modules})"
    )
    answer = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True)
    assert answer.stdout.strip() == "set()"
