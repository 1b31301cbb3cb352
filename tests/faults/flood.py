"""A flood of requests from many loopback addresses, in a process of its own.

``python flood.py PORT KIND ADDRESSES PER_SECOND SECONDS`` prints how many of which status it got, as
JSON. Each request is a connection of its own, begun on time whether or not the last has ended.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import random
import subprocess
import sys
import time

#: Whoever sends the cookie himself passes the check against forged forms, up to the password.
_TOKEN = "a" * 32
_REQUESTS = {
    "sign-in": (
        "POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        "Cookie: nightdesk_session=made-up-{number}; nightdesk_staff=1; nightdesk_csrf={token}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    ),
    "search": (
        "GET /search/?q=bridge+{number} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    ),
}


async def _one(port: int, kind: str, address: str, number: int, got: collections.Counter) -> None:
    name = "olena" if number % 2 else f"name-{number}"
    body = f"username={name}&password=guess-{number}&csrfmiddlewaretoken={_TOKEN}"
    text = _REQUESTS[kind].format(number=number, length=len(body), body=body, token=_TOKEN)
    try:
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(address, 0)
            )
            writer.write(text.encode())
            line = await reader.readline()
            writer.close()
        got[line.split()[1].decode() if line else "closed"] += 1
    except (OSError, TimeoutError, IndexError) as error:
        got[type(error).__name__] += 1


async def _flood(port: int, kind: str, addresses: int, per_second: float, seconds: float) -> None:
    got: collections.Counter = collections.Counter()
    began = time.monotonic()
    under_way: set[asyncio.Task] = set()
    number = 0
    while (now := time.monotonic() - began) < seconds:
        while number < now * per_second and len(under_way) < 2000:
            place = random.randrange(addresses)
            address = f"127.0.{1 + place // 250}.{1 + place % 250}"
            task = asyncio.create_task(_one(port, kind, address, number, got))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            number += 1
        await asyncio.sleep(0.005)
    await asyncio.gather(*under_way)
    print(json.dumps(got))


class Flood:
    """``with Flood(port, kind, …) as flood:`` begins it; ``flood.answers`` afterwards."""

    def __init__(
        self, port: int, kind: str, addresses: int, per_second: int, seconds: float
    ) -> None:
        self._words = [str(word) for word in (port, kind, addresses, per_second, seconds)]
        self.answers: dict[str, int] = {}

    def __enter__(self) -> Flood:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *self._words], stdout=subprocess.PIPE
        )
        time.sleep(1)  # it has begun, and whatever it can use up at once is used up
        return self

    def __exit__(self, *_: object) -> None:
        try:
            said, _errors = self._process.communicate(timeout=90)
            with contextlib.suppress(ValueError):
                self.answers = json.loads(said)
        finally:
            self._process.kill()


if __name__ == "__main__":
    port, kind, addresses, per_second, seconds = sys.argv[1:]
    asyncio.run(_flood(int(port), kind, int(addresses), float(per_second), float(seconds)))
