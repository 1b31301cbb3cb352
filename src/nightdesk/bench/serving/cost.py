"""What one request costs: processor time of all processes, beside nginx with the same bytes.

Rounds are interleaved, so that a change of the machine's mood meets both alike, and the ratio is
taken round by round. Requests a second depend on who else uses the machine; CPU hardly does.
"""

from __future__ import annotations

import gzip
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from nightdesk.bench.serving import nginx as rival
from nightdesk.bench.serving.asking import BROWSER, SHORT, Ask, ask
from nightdesk.bench.serving.editor import editor
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import Newsroom, newsroom
from nightdesk.bench.serving.nginx import Nginx
from nightdesk.bench.serving.options import Options
from nightdesk.bench.serving.wrk import Load, read

STORIES = 40
_GOAL, _RED_LINE = 0.5, 0.4
#: Other questions may cost what a stored page costs, and what the clock's ticks make uncertain.
_NO_DEARER = 1.1

#: µs per request (ours, nginx) in each round.
Costs = list[tuple[float, float]]


@dataclass(frozen=True)
class Pair:
    """The same question to both. ``status``: what each of them must answer; ``goal``: whether the
    ratio has one, or the cost may not be above a stored page's."""

    name: str
    what: str
    ours: Sequence[Ask]
    theirs: Sequence[Ask]
    status: int = 200
    goal: str = "ratio"


def measure(options: Options) -> Iterator[Figure]:
    with newsroom() as ours, rival.running() as theirs:
        with editor(ours.data) as someone:
            someone.do("more", until=STORIES)
        time.sleep(1)
        ours.wait_until_printed()
        pairs = _pairs(ours, theirs)
        for pair in pairs:
            _check(pair, ours.port, theirs.port)
        read(ours.port, pairs[0].ours, 1, options.connections)
        costs: dict[str, Costs] = {pair.name: [] for pair in pairs}
        for number in range(options.rounds):
            for pair in pairs:
                costs[pair.name].append(_round(pair, ours, theirs, options, odd=number % 2 == 1))
        for pair in pairs:
            yield _figure(pair, costs[pair.name], costs["page"])


def _round(
    pair: Pair, ours: Newsroom, theirs: Nginx, options: Options, *, odd: bool
) -> tuple[float, float]:
    """µs per request (ours, nginx); in odd rounds nginx comes first."""
    both = [
        lambda: _cost(lambda: ours.cpu, ours.port, pair.ours, options),
        lambda: _cost(lambda: theirs.cpu, theirs.port, pair.theirs, options),
    ]
    if odd:
        second, first = both[1](), both[0]()
    else:
        first, second = both[0](), both[1]()
    return first, second


def _cost(cpu: Callable[[], float], port: int, asks: Sequence[Ask], options: Options) -> float:
    before = cpu()
    load: Load = read(port, asks, options.seconds, options.connections)
    time.sleep(0.05)  # the last clock tick
    used = cpu() - before
    if load.broken or not load.requests:
        raise RuntimeError(f"{load.broken} requests for {asks[0].path} broke.")
    return used / load.requests * 1e6


def _figure(pair: Pair, rounds: Costs, page: Costs) -> Figure:
    mine = statistics.median(first for first, _ in rounds)
    nginx = statistics.median(second for _, second in rounds)
    ratio = statistics.median(second / first for first, second in rounds if first)
    figure = Figure(f"cost.{pair.name}", pair.what, mine, "µs", ("nginx", nginx), ratio)
    if pair.goal == "ratio":
        figure.goal = f"≥ {_GOAL} of nginx (red line {_RED_LINE})"
        figure.met = ratio >= _GOAL
    elif pair.goal == "page":
        dearer = statistics.median(one[0] / like[0] for one, like in zip(rounds, page, strict=True))
        figure.goal = "no dearer than a stored page"
        figure.met = dearer <= _NO_DEARER
        figure.note = f"{dearer:.2f} of a stored page"
    return figure


def _pairs(ours: Newsroom, theirs: Nginx) -> list[Pair]:
    stories = [path for path in ours.paths("story") if path.isascii()][:STORIES]
    if not stories:
        raise RuntimeError("The demo newsroom has no printed story.")
    mine, nginx, tags = [], [], []
    for number, path in enumerate(stories):
        answer = ours.get(_quoted(path))
        name = theirs.put_page(f"story-{number}", answer.body)
        mine.append(Ask(_quoted(path)))
        nginx.append(Ask(name))
        tags.append((answer.headers["etag"], ask(theirs.port, Ask(name)).headers["etag"]))
    theirs.put_page("404", ours.get("/no-such-page/").body)
    home = theirs.put_page("home", ours.get("/").body)
    pages = Pair("page", f"stored page, {len(stories)} stories in rotation", mine, nginx)
    return [
        pages,
        Pair(
            "browser",
            "the same with a browser's headers and cookies",
            [Ask(one.path, dict(BROWSER)) for one in mine],
            [Ask(one.path, dict(BROWSER)) for one in nginx],
        ),
        Pair("home", "home page", [Ask("/")], [Ask(home)], goal=""),
        Pair(
            "unchanged",
            "304 to If-None-Match",
            [Ask(a.path, SHORT | {"If-None-Match": t[0]}) for a, t in zip(mine, tags, strict=True)],
            [
                Ask(a.path, SHORT | {"If-None-Match": t[1]})
                for a, t in zip(nginx, tags, strict=True)
            ],
            304,
            "page",
        ),
        Pair(
            "absent",
            "404, a new address each time",
            [Ask(f"/news/no-such-story-{number}/") for number in range(2000)],
            [Ask(f"/no-such-story-{number}.html") for number in range(2000)],
            404,
            "page",
        ),
        Pair(
            "query",
            "page with an unknown query string, a new one each time",
            [Ask(f"{mine[n % len(mine)].path}?fbclid=x{n}&utm_source=s") for n in range(2000)],
            [Ask(f"{nginx[n % len(nginx)].path}?fbclid=x{n}&utm_source=s") for n in range(2000)],
            goal="page",
        ),
        *_media(ours, theirs),
    ]


def _media(ours: Newsroom, theirs: Nginx) -> list[Pair]:
    path = _a_picture(ours)
    if path is None:
        return []
    whole = ours.get(path, Accept="image/avif")
    name = theirs.put_file("picture.avif", whole.body)
    part = {"Range": "bytes=1000-8999"}
    size = f"{len(whole.body) / 1000:.0f} KB"
    return [
        Pair("picture", f"picture of {size}", [Ask(path, {})], [Ask(name, {})], goal=""),
        Pair(
            "range",
            "8 KB out of the picture",
            [Ask(path, part)],
            [Ask(name, part)],
            206,
            "",
        ),
    ]


def _a_picture(ours: Newsroom) -> str | None:
    page = gzip.decompress(ours.get("/").body).decode()
    found = re.findall(r"/media/[\w./-]+\.avif", page)
    return found[0] if found else None


def _check(pair: Pair, ours: int, theirs: int) -> None:
    """Both must answer what is measured, with the same body."""
    for mine, nginx in list(zip(pair.ours, pair.theirs, strict=True))[:STORIES]:
        one, other = ask(ours, mine), ask(theirs, nginx)
        if (one.status, other.status) != (pair.status, pair.status):
            raise RuntimeError(
                f"{mine.path} answers {one.status} and nginx {other.status}; "
                f"{pair.status} was to be measured."
            )
        if one.body != other.body:
            raise RuntimeError(f"{mine.path} and nginx's copy of it are not the same bytes.")


def _quoted(path: str) -> str:
    return quote(path)
