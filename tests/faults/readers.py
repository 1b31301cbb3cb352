"""Readers of the front page, in a process of their own.

``python readers.py PORT SECONDS`` prints how long each wait was, in seconds, and every status, as
JSON. In the process of a test they would wait for the test's own work as well: reading an editor's
form there takes a reader's thread some twenty milliseconds.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time

_AT_ONCE = 2
_PAUSE = 0.02


def _read(port: int, until: float, waited: list[float], statuses: set[int]) -> None:
    while time.monotonic() < until:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            statuses.add(answer.status)
        except (OSError, http.client.HTTPException):
            statuses.add(0)
        finally:
            connection.close()
        waited.append(time.monotonic() - began)
        time.sleep(_PAUSE)


class Readers:
    """Begin to read at once, one page after the other; ``finish`` waits for their end."""

    def __init__(self, port: int, seconds: float) -> None:
        self.waited: list[float] = []
        self.statuses: set[int] = set()
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(port), str(seconds)],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self) -> Readers:
        try:
            said, _errors = self._process.communicate(timeout=120)
        finally:
            self._process.kill()
        told = json.loads(said)
        self.waited, self.statuses = told["waited"], set(told["statuses"])
        return self

    def p95(self) -> float:
        return sorted(self.waited)[int(len(self.waited) * 0.95)]


if __name__ == "__main__":
    until = time.monotonic() + float(sys.argv[2])
    waited: list[float] = []
    statuses: set[int] = set()
    given = (int(sys.argv[1]), until, waited, statuses)
    threads = [threading.Thread(target=_read, args=given) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"waited": waited, "statuses": sorted(statuses)}))
