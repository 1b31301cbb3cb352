"""Tell whoever started the newsroom when its first page can be read."""

from __future__ import annotations

import http.client
import ssl
import time

from nightdesk.run.parent import say

_PATIENCE = 120.0


def announce(host: str, port: int, url: str, *, tls: bool = False) -> None:
    """Ask for the home page until it answers, then print where it is. Runs in its own process."""
    began = time.monotonic()
    while time.monotonic() - began < _PATIENCE:
        status = _home_page(reachable(host), port, tls)
        if status and status < 500:
            print(f"Nightdesk is open: {url}/   The newsroom: {url}/admin/", flush=True)
            return
        time.sleep(0.05)
    say(f"{url}/ has not answered for {_PATIENCE:.0f} s; nightdesk doctor may tell why.")


def reachable(host: str) -> str:
    """An address to knock at for one to listen on: 0.0.0.0 is everywhere, thus also here."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _home_page(host: str, port: int, tls: bool) -> int:
    """The status of the home page, 0 when nobody answers.

    Whose certificate is shown does not matter here: it is our own port, and nothing is told to it.
    """
    connection = http.client.HTTPConnection(host, port, timeout=40)
    if tls:
        unchecked = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(host, port, timeout=40, context=unchecked)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
