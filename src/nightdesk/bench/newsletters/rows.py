"""What is measured, a function for each row of the goals."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.bench.newsletters.room import CONNECTIONS, Room, cpu, rate, smtp_source
from nightdesk.bench.serving.figure import Figure

_DELAY = 40.0


@dataclass(frozen=True)
class Options:
    """``recipients`` of each edition; rivals, which are slower, send to a share of them."""

    rounds: int = 3
    recipients: int = 5_000


def in_turns(
    rounds: int, measured: dict[str, Callable[[], dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Everything once in each round, the order changing, so that a change of the machine's mood
    meets all alike."""
    said: dict[str, list[dict[str, Any]]] = {name: [] for name in measured}
    for number in range(rounds):
        names = list(measured)
        for name in names if number % 2 == 0 else reversed(names):
            said[name].append(measured[name]())
    return said


def rates(room: Room, options: Options) -> Iterator[Figure]:
    """As shipped, and with a database that syncs less, beside smtp-source."""
    count = options.recipients
    said = in_turns(
        options.rounds,
        {
            "possible": lambda: smtp_source(count),
            "full": room.send,
            "normal": lambda: room.send(synchronous="NORMAL"),
        },
    )
    possible = [rate(one) for one in said["possible"]]
    for kind, called, goal in (
        ("full", "as shipped (synchronous=FULL)", 0.65),
        ("normal", "with synchronous=NORMAL", 0.8),
    ):
        ours = [rate(one) for one in said[kind]]
        ratio = statistics.median(o / p for o, p in zip(ours, possible, strict=True))
        yield Figure(
            row="rates",
            what=f"messages a second, {called}",
            value=statistics.median(ours),
            unit="msg/s",
            beside=("smtp-source", statistics.median(possible)),
            ratio=ratio,
            goal=f"≥ {goal} of smtp-source",
            met=ratio >= goal,
            note=f"{count:,} readers, {options.rounds} rounds",
        )
    yield _cpu("unsigned", [cpu(one) for one in said["full"]], 100)


def signed(room: Room, options: Options) -> Iterator[Figure]:
    keys = {
        "Ed25519": (ed25519.Ed25519PrivateKey.generate(), 220),
        "RSA-2048": (rsa.generate_private_key(65537, 2048), 800),
    }
    for name, (key, most) in keys.items():
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        given = {"NIGHTDESK_DKIM_SELECTOR": "bench", "NIGHTDESK_DKIM_KEY": pem}
        said = [room.send(**given) for _ in range(options.rounds)]
        yield _cpu(f"signed with {name}", [cpu(one) for one in said], most)


def _cpu(called: str, values: list[float], most: int) -> Figure:
    value = statistics.median(values)
    return Figure(
        row="cpu",
        what=f"CPU of a message, {called}",
        value=value,
        unit="µs",
        goal=f"≤ {most}",
        met=value <= most,
    )


def rivals(room: Room, options: Options) -> Iterator[Figure]:
    """What others do with the same mail, in the same minutes."""
    few = max(200, options.recipients // 10)
    said = in_turns(
        options.rounds,
        {
            "ours": room.send,
            "smtplib": lambda: room.rival("smtplib", few),
            "aiosmtplib": lambda: room.rival("aiosmtplib", few),
            "django": lambda: room.rival("django", max(100, few // 4)),
            "courier": lambda: room.rival("courier", options.recipients),
            "possible": lambda: smtp_source(options.recipients),
        },
    )
    ours = [rate(one) for one in said["ours"]]
    for name, called, least in (
        ("smtplib", "smtplib, ten threads", None),
        ("aiosmtplib", "aiosmtplib, ten connections", None),
        ("django", "a plain Django loop", 50),
    ):
        theirs = [rate(one) for one in said[name]]
        ratio = statistics.median(o / t for o, t in zip(ours, theirs, strict=True))
        yield Figure(
            row="rivals",
            what=f"against {called}, states committed on our side only",
            value=statistics.median(ours),
            unit="msg/s",
            beside=(name, statistics.median(theirs)),
            ratio=ratio,
            goal=f"≥ {least} ×" if least else "",
            met=ratio >= least if least else None,
        )
    yield from _most_possible(said)


def _most_possible(said: dict[str, list[dict[str, Any]]]) -> Iterator[Figure]:
    """How many times Django's loop anything on this machine could do: without any books."""
    django = [rate(one) for one in said["django"]]
    for name, called in (
        ("courier", "our courier alone, one ready message, no database"),
        ("possible", "smtp-source, which builds nothing and keeps no books"),
    ):
        rates = [rate(one) for one in said[name]]
        yield Figure(
            row="rivals",
            what=f"the most that is possible here: {called}",
            value=statistics.median(rates),
            unit="msg/s",
            beside=("django", statistics.median(django)),
            ratio=statistics.median(o / d for o, d in zip(rates, django, strict=True)),
        )


def far(room: Room, options: Options) -> Iterator[Figure]:
    """A relay that answers after 40 ms."""
    said = [room.send(behaviour=Behaviour(delay=_DELAY)) for _ in range(min(2, options.rounds))]
    value = statistics.median(rate(one) / CONNECTIONS for one in said)
    yield Figure(
        row="far",
        what=f"a connection to a relay that answers after {_DELAY:.0f} ms",
        value=value,
        unit="msg/s",
        goal="≥ 20",
        met=value >= 20,
    )


def whole(room: Room, options: Options) -> Iterator[Figure]:
    """One edition to everybody: time and memory."""
    said = room.send()
    count = said["recipients"]
    is_full = count >= 200_000
    yield Figure(
        row="whole",
        what=f"one edition to {count:,} readers on SQLite",
        value=said["seconds"],
        unit="s",
        goal="≤ 60 for 200,000",
        met=said["seconds"] <= 60 if is_full else None,
        note=f"{rate(said):,.0f} msg/s, {said['turns']} transactions",
    )
    yield Figure(
        row="whole",
        what="memory of the sender, what it shares with other processes in equal parts",
        value=said["megabytes"],
        unit="MB",
        goal="≤ 150",
        met=said["megabytes"] <= 150,
        note=f"both processes; the clerk counted whole: "
        f"{said['megabytes_of_the_clerk_shared_counted_whole']:.0f} MB",
    )
    yield Figure(
        row="whole",
        what="writing down who gets it",
        value=said["snapshot_seconds"],
        unit="s",
        goal="≤ 5 for 200,000",
        met=said["snapshot_seconds"] <= 5 if is_full else None,
    )


def writers(room: Room, options: Options) -> Iterator[Figure]:
    """An editor who saves while an edition is sent: on SQLite one writes at a time."""
    with room.writing() as alone:
        time.sleep(3)
    during = []
    for _ in range(options.rounds):
        with room.writing() as beside:
            room.send()
        during.append(beside)
    waited = statistics.median(one["waited"]["p95"] for one in during)
    most = max(one["waited"]["most"] for one in during)
    yield Figure(
        row="writers",
        what="another's wait for its turn to write while an edition is sent, p95",
        value=waited,
        unit="ms",
        beside=("nothing is sent", alone["waited"]["p95"]),
        goal="≤ 10",
        met=waited <= 10,
        note=f"{sum(one['count'] for one in during)} writes; longest wait {most:.0f} ms",
    )
    yield Figure(
        row="writers",
        what="its whole transaction, p95",
        value=statistics.median(one["whole"]["p95"] for one in during),
        unit="ms",
        beside=("nothing is sent", alone["whole"]["p95"]),
    )


def postgresql(room: Room, options: Options) -> Iterator[Figure]:
    """``room`` is one on PostgreSQL."""
    said = [room.send() for _ in range(options.rounds)]
    seconds = statistics.median(one["seconds"] for one in said)
    yield Figure(
        row="postgresql",
        what=f"messages a second on PostgreSQL ({options.recipients:,} readers)",
        value=statistics.median(rate(one) for one in said),
        unit="msg/s",
        note=f"{seconds:.1f} s; writing down who gets it: {said[0]['snapshot_seconds']:.1f} s",
    )
    yield Figure(
        row="postgresql",
        what="CPU of a message in our process, PostgreSQL",
        value=statistics.median(cpu(one) for one in said),
        unit="µs",
    )
