"""When each sentence is heard: WebVTT for the player (``kind=metadata``) and as a transcript."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """``id`` is ``<block>-<n>``, n from 1: the n-th sentence of that block. Seconds from the start of
    the file; ``written`` as it stands on the page."""

    id: str
    start: float
    end: float
    written: str

    @property
    def block(self) -> str:
        return self.id.rpartition("-")[0]


def metadata(cues: Iterable[Cue]) -> str:
    """For the player: a cue's payload is ``{"block": …, "written": …}``."""
    return _file(
        cues,
        lambda cue: json.dumps({"block": cue.block, "written": cue.written}).replace(
            ">", "\\u003e"
        ),
    )


def transcript(cues: Iterable[Cue]) -> str:
    """For people and podcast players (``podcast:transcript``)."""
    return _file(
        cues,
        lambda cue: (
            " ".join(cue.written.split())
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
        ),
    )


def _file(cues: Iterable[Cue], payload) -> str:  # type: ignore[no-untyped-def]
    parts = ["WEBVTT\n"]
    for cue in cues:
        times = f"{_time(cue.start)} --> {_time(cue.end)}"
        parts.append(f"{cue.id}\n{times}\n{payload(cue)}\n")
    return "\n".join(parts)


def _time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
