"""P5: floods of sign-ins and searches; readers read, editors work, who is signed out gets in.

100 addresses and 300 requests a second for 8 s here; with ``NIGHTDESK_FAULTS=full`` the promise's
200 addresses and 1,000 a second, for 30 s.
"""

from __future__ import annotations

import http.client
import os
import threading
import time

import pytest
from bs4 import BeautifulSoup

from .editor import Editor, sign_in
from .flood import Flood

pytestmark = pytest.mark.fault

FULL = os.environ.get("NIGHTDESK_FAULTS") == "full"
ADDRESSES, PER_SECOND, SECONDS = (200, 1000, 30) if FULL else (100, 300, 8)
#: A reader's wait below this, in seconds, is the machine's own unrest and not the flood's doing.
UNREST = 0.1


class Readers:
    """Reads stored pages, one after the other, and notes how long each took."""

    def __init__(self, port: int, seconds: float) -> None:
        self.waited: list[float] = []
        self.statuses: set[int] = set()
        self._port, self._until = port, time.monotonic() + seconds
        self._threads = [threading.Thread(target=self._read) for _ in range(2)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        while time.monotonic() < self._until:
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                connection.request("GET", "/")
                answer = connection.getresponse()
                answer.read()
                self.statuses.add(answer.status)
            except OSError:
                self.statuses.add(0)
            finally:
                connection.close()
            self.waited.append(time.monotonic() - began)
            time.sleep(0.02)

    def p95(self) -> float:
        for thread in self._threads:
            thread.join()
        return sorted(self.waited)[int(len(self.waited) * 0.95)]


def signs_in(editor: Editor, name: str, password: str) -> bool:
    _to, page = editor.ask("GET", "/admin/login/")
    field = BeautifulSoup(page, "html.parser").select_one("[name=csrfmiddlewaretoken]")
    if field is None:
        return False
    form = {"csrfmiddlewaretoken": field["value"], "username": name, "password": password}
    leads_to, _page = editor.ask("POST", "/admin/login/", form)
    return leads_to == "/admin/"


@pytest.mark.parametrize("kind", ["sign-in", "search"])
def test_in_the_middle_of_a_flood_readers_read_and_editors_work(newsroom, first_run, kind):
    port = newsroom.port
    section, [session] = sign_in(newsroom.data, 1)
    working = Editor(port, session)
    working.ask("GET", "/admin/")
    own_browser = Editor(port, "")
    assert signs_in(own_browser, "olena", first_run.password())
    own_browser._cookies = {
        name: value for name, value in own_browser._cookies.items() if name == "nightdesk_device"
    }
    quiet = Readers(port, 4).p95()
    with Flood(port, kind, ADDRESSES, PER_SECOND, SECONDS) as flood:
        readers = Readers(port, SECONDS - 3)
        began = time.monotonic()
        assert signs_in(own_browser, "olena", first_run.password())
        signing_in = time.monotonic() - began
        began = time.monotonic()
        address = f"/admin/pages/add/stories/storypage/{section}/"
        assert working.publish(address, "A bridge holds against the flood")
        publishing = time.monotonic() - began
        flooded = readers.p95()
    print(
        f"{kind} flood {flood.answers}: readers' p95 {quiet * 1000:.0f} → {flooded * 1000:.0f} ms; "
        f"signed in within {signing_in:.1f} s, published within {publishing:.1f} s"
    )
    assert readers.statuses == {200}
    assert flooded <= max(2 * quiet, UNREST)
    assert signing_in < 10
    assert publishing < 5
    assert (
        flood.answers.get("429", 0) + flood.answers.get("503", 0) > sum(flood.answers.values()) / 2
    )
    assert not [status for status in flood.answers if status.startswith("5") and status != "503"]
    assert "Traceback" not in newsroom.said()
