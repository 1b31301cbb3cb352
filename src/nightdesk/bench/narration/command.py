"""`nightdesk bench narration`: what reading a story aloud costs, and what comes out, beside Piper as
it comes."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from typing import Any

from nightdesk.bench.narration import rows
from nightdesk.bench.serving.figure import Figure, table
from nightdesk.narration.voices import engines
from nightdesk.narration.voices.ports import NotRecordedError

#: goals.md, Narration.
CPU, EDIT, LOUDNESS, PEAK = 0.13, 5.0, -16.0, -1.0


def bench(arguments: list[str]) -> int:
    """0 when every goal is met, 1 when one is missed, 2 when there is no voice."""
    parser = argparse.ArgumentParser(prog="nightdesk bench narration", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--rounds", type=int, default=3, help="of each side (default 3)")
    parser.add_argument("--quick", action="store_true", help="one paragraph, once: does it work?")
    given = parser.parse_args(arguments)
    try:
        voice = engines.voice_for("en")
    except NotRecordedError as error:
        print(f"nightdesk bench: {error}", file=sys.stderr)
        return 2
    text = rows.STORY.read_text()
    if given.quick:
        text = "\n\n".join(text.split("\n\n")[3:4])
    ours, raw = [], []
    for number in range(1 if given.quick else given.rounds):
        turns = [lambda: ours.append(rows.ours(voice, text)), lambda: raw.append(rows.raw(text))]
        for turn in turns if number % 2 == 0 else reversed(turns):
            turn()
    figures = list(_figures(_median(ours), _median(raw), voice.id))
    if given.json:
        print(json.dumps([one.as_data() for one in figures], ensure_ascii=False, indent=2))
    else:
        print(f"{voice.id}, {_median(ours)['words']:.0f} words, median of {len(ours)}\n")
        print(table(figures))
    return 0 if all(one.met is not False for one in figures) else 1


def _median(rounds: list[dict[str, Any]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _figures(ours: dict[str, float], raw: dict[str, float], voice: str) -> list[Figure]:
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
            note="theirs without the import, without a file",
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
