"""`nightdesk bench narration`: what reading a story aloud costs, and what comes out, beside Piper as
it comes; then in a whole newsroom, beside readers."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from typing import Any

from nightdesk.bench.narration import rows, whole
from nightdesk.bench.serving.figure import Figure, table
from nightdesk.narration.voices import engines
from nightdesk.narration.voices.ports import NotRecordedError, Voice

#: goals.md, Narration.
CPU, EDIT, LOUDNESS, PEAK = 0.13, 5.0, -16.0, -1.0
ROWS = {
    "sound": "cost, speed, loudness and memory beside Piper as it comes",
    "readers": "publish → playable, an edit, and page latency in a whole newsroom",
}


def bench(arguments: list[str]) -> int:
    """0 when every goal is met, 1 when one is missed, 2 when there is no voice or no wrk."""
    parser = argparse.ArgumentParser(
        prog="nightdesk bench narration",
        description=__doc__,
        epilog="rows: " + "; ".join(f"{row}: {line}" for row, line in ROWS.items()),
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--rows", default=",".join(ROWS), help="parted by commas (all)")
    parser.add_argument("--rounds", type=int, help="of each side (3; of readers' pairs 10)")
    parser.add_argument("--quick", action="store_true", help="everything once: does it work?")
    given = parser.parse_args(arguments)
    wanted = [row.strip() for row in given.rows.split(",")]
    if unknown := [row for row in wanted if row not in ROWS]:
        parser.error(f"there is no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    try:
        voice = engines.voice_for("en")
    except NotRecordedError as error:
        print(f"nightdesk bench: {error}", file=sys.stderr)
        return 2
    if "readers" in wanted and not shutil.which("wrk"):
        print("nightdesk bench: wrk must be installed first: make bench-tools", file=sys.stderr)
        return 2
    figures = []
    try:
        for figure in _measured(wanted, given, voice):
            print(f"  {figure.what}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
            figures.append(figure)
    except RuntimeError as error:
        print(f"nightdesk bench: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps([one.as_data() for one in figures], ensure_ascii=False, indent=2))
    else:
        print(f"{voice.id}; load 1 minute beside each figure\n\n{table(figures)}")
    return 0 if all(one.met is not False for one in figures) else 1


def _measured(wanted: list[str], given: argparse.Namespace, voice: Voice) -> Iterator[Figure]:
    for row in wanted:
        print(f"nightdesk bench: {row} …", file=sys.stderr, flush=True)
        yield from _of_sound(given, voice) if row == "sound" else _of_readers(given)


def _of_readers(given: argparse.Namespace) -> Iterator[Figure]:
    options = whole.Options(2, 1, 2, 2.0) if given.quick else whole.Options()
    if given.rounds:
        options = whole.Options(options.publishes, options.edits, given.rounds, options.seconds)
    return whole.measure(options)


def _of_sound(given: argparse.Namespace, voice: Voice) -> Iterator[Figure]:
    text = rows.STORY.read_text()
    if given.quick:
        text = "\n\n".join(text.split("\n\n")[3:4])
    ours, raw = [], []
    for number in range(1 if given.quick else given.rounds or 3):
        turns = [lambda: ours.append(rows.ours(voice, text)), lambda: raw.append(rows.raw(text))]
        for turn in turns if number % 2 == 0 else reversed(turns):
            turn()
    yield from _figures(_median(ours), _median(raw), len(ours))


def _median(rounds: list[dict[str, Any]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _figures(ours: dict[str, float], raw: dict[str, float], rounds: int) -> list[Figure]:
    cpu = sum(ours[f"cpu_{part}"] for part in ("voice", "studio", "own")) / ours["seconds"]
    parts = ", ".join(
        f"{name} {ours[f'cpu_{part}'] / ours['seconds']:.3f}"
        for part, name in (
            ("voice", "voice with its start"),
            ("studio", "studio"),
            ("own", "caller"),
        )
    )
    beside = "Piper as it comes"

    def figure(what: str, value: float, unit: str, **more: Any) -> Figure:
        return Figure("narration", what, value, unit, **more)

    return [
        figure(
            "CPU per second of sound",
            cpu,
            "s",
            beside=(beside, raw["cpu"] / raw["seconds"]),
            goal="≤ 0.13",
            met=cpu <= CPU,
            note=parts,
        ),
        figure(
            f"the whole story, {ours['seconds']:.0f} s of sound, nothing spoken before",
            ours["wall"],
            "s",
            beside=(beside, raw["wall"]),
            note=f"{ours['words']:.0f} words, medians of {rounds}; theirs without the import, "
            "without a file",
        ),
        figure("first sentence to be heard, process and model started for it", ours["first"], "s"),
        figure(
            "one sentence edited → new files",
            ours["edit"],
            "s",
            goal="≤ 5",
            met=ours["edit"] <= EDIT,
            note=f"processes started for it; {ours['warm']:.2g} s if they still live",
        ),
        figure("nothing edited → the same files", ours["unchanged"], "s"),
        figure(
            "loudness, read back from the MP3",
            ours["lufs"],
            "LUFS",
            beside=(beside, raw["lufs"]),
            goal="−16 ± 1",
            met=abs(ours["lufs"] - LOUDNESS) <= 1,
        ),
        figure(
            "highest sample, read back from the MP3",
            ours["peak"],
            "dBFS",
            beside=(beside, raw["peak"]),
            goal="≤ −1",
            met=ours["peak"] <= PEAK,
            note=f"theirs has {raw['clipped']:.0f} clipped samples",
        ),
        figure(
            "memory of the voice's process at most, 235 characters in one breath",
            ours["megabytes_voice"],
            "MB",
            beside=(beside, raw["megabytes"]),
        ),
        figure("memory of the studio's process at most", ours["megabytes_studio"], "MB"),
        figure("memory of the process that asks, grown by", ours["grown"], "MB"),
        figure(
            "words a minute, pauses included",
            ours["words"] / ours["seconds"] * 60,
            "",
            beside=(beside, ours["words"] / raw["seconds"] * 60),
            note="theirs counted with our words",
        ),
        figure("a minute, to be downloaded", ours["bytes"] / ours["seconds"] * 60 / 1e6, "MB"),
    ]
