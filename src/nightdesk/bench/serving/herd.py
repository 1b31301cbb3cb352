"""A link is shared: 2,000 people open one page and its picture within a minute, each on a
connection of their own and with a query string of their own, while an editor publishes."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from nightdesk.bench.serving.asking import BROWSER
from nightdesk.bench.serving.editor import Editor, editor
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import Newsroom, newsroom
from nightdesk.bench.serving.options import Options
from nightdesk.bench.serving.processes import SERVERS

#: So long after the commit, nobody may get the old page any more (seconds).
_FRESH = 1.0
_EDITIONS = 5


@dataclass
class Seen:
    """What the readers got. ``late``: how many got an edition that was over for a second."""

    pages: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    late: int = 0


def measure(options: Options) -> Iterator[Figure]:
    with newsroom() as opened, editor(opened.data, SERVERS) as someone:
        page, path, picture = _a_story_with_a_picture(opened, someone)
        editions: list[tuple[float, str]] = []
        seen = Seen()
        before = opened.cpu
        publishing = threading.Thread(
            target=_publish, args=(someone, page, options.herd_seconds, editions)
        )
        publishing.start()
        asyncio.run(_all_come(opened.port, path, picture, options, editions, seen))
        publishing.join()
        cpu = opened.cpu - before
    count = options.herd
    yield Figure(
        "herd.failed",
        f"{count:,} readers in {options.herd_seconds:.0f} s: failed",
        len(seen.failed),
        "readers",
        goal="0",
        met=not seen.failed,
        note=seen.failed[0] if seen.failed else "",
    )
    yield Figure(
        "herd.late",
        f"of them got a page older than {_FRESH:.0f} s after a publish",
        seen.late,
        "readers",
        goal="0",
        met=seen.late == 0,
        note=f"{len(editions)} publishes",
    )
    for name, times in (("page", seen.pages), ("picture", seen.pictures)):
        if len(times) > 1:
            yield Figure(
                f"herd.{name}",
                f"{name} with a reader, new connection included, p95"
                if name == "page"
                else f"{name} with a reader, p95",
                statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000,
                "ms",
                note=f"p50 {statistics.median(times) * 1000:.1f} ms",
            )
    yield Figure(
        "herd.cpu",
        "CPU of the newsroom for each of them, publishing included",
        cpu / count * 1e6,
        "µs",
    )


def _a_story_with_a_picture(opened: Newsroom, someone: Editor) -> tuple[int, str, str]:
    for page, path in someone.do("stories")["stories"]:
        body = gzip.decompress(opened.get(quote(path)).body).decode()
        found = re.search(r"/media/[\w./-]+\.(?:avif|webp|jpg)", body)
        if found:
            return page, quote(path), found[0]
    raise RuntimeError("No story of the demo has a picture.")


def _publish(someone: Editor, page: int, seconds: float, editions: list[tuple[float, str]]) -> None:
    for number in range(_EDITIONS):
        time.sleep(seconds / (_EDITIONS + 1))
        headline = f"Shared edition {number}"
        told = someone.do("publish", page=page, headline=headline)
        editions.append((told["committed"], headline))


async def _all_come(
    port: int,
    path: str,
    picture: str,
    options: Options,
    editions: list[tuple[float, str]],
    seen: Seen,
) -> None:
    moments = sorted(random.uniform(0, options.herd_seconds) for _ in range(options.herd))
    began = time.monotonic()
    under_way = set()
    for number, moment in enumerate(moments):
        await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
        one = asyncio.create_task(_come(number, port, path, picture, editions, seen))
        under_way.add(one)
        one.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)


async def _come(
    number: int,
    port: int,
    path: str,
    picture: str,
    editions: list[tuple[float, str]],
    seen: Seen,
) -> None:
    began, came = time.monotonic(), time.time()
    try:
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                page = await _get(reader, writer, port, f"{path}?fbclid=IwAR{number}")
                seen.pages.append(time.monotonic() - began)
                began = time.monotonic()
                await _get(reader, writer, port, picture)
                seen.pictures.append(time.monotonic() - began)
            finally:
                writer.close()
    except (OSError, ValueError, TimeoutError, EOFError) as error:
        seen.failed.append(f"{type(error).__name__} {error}")
        return
    over = [headline for committed, headline in editions if committed < came - _FRESH]
    if over and over[-1].encode() not in gzip.decompress(page):
        newer = [headline for _, headline in editions[len(over) :]]
        seen.late += not any(one.encode() in gzip.decompress(page) for one in newer)


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, target: str
) -> bytes:
    headers = {"Host": f"127.0.0.1:{port}", **BROWSER}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    if not head.startswith("HTTP/1.1 200"):
        raise ValueError(head.partition("\r\n")[0])
    length = re.search(r"(?i)\r\ncontent-length: (\d+)", head)
    if length is None:
        raise ValueError("an answer without its length")
    return await reader.readexactly(int(length[1]))
