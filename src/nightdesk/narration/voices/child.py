"""The child process of one voice: ``python -m nightdesk.narration.voices.child ENGINE VOICE OPTIONS``.

A question is ``{"text": …, "speed": 1.0, "letters": 42}``; the answer ``{"rate": 22050}`` and the
sound as raw PCM, or ``{"refused": REASON}``. ``{"phonemes": …}`` is answered by
``{"phonemes": …}``. ``OPTIONS`` is a JSON object for the adapter, and ``idle`` seconds
and ``niceness`` for this process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from nightdesk.narration.apart import serving, walls
from nightdesk.narration.voices import engines
from nightdesk.narration.voices.ports import NotRecordedError, Reason

#: Seconds without a question after which this process, and its memory, is gone.
IDLE_SECONDS = 60.0

Answering = Callable[[dict[str, Any], bytes], serving.Answer]


def main() -> None:
    engine, name, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    adapter = engines.adapter(engine)
    walls.confine(adapter.ENGINE.data_bytes, int(options.get("niceness", walls.NICENESS)))

    def prepare() -> Answering:
        try:
            speaker = adapter.load(name, options)
            from nightdesk.narration.voices import hearing
        except NotRecordedError as error:
            return _refusing(error.reason, error.detail)
        except ImportError as error:
            return _refusing(Reason.EXTRA_MISSING, str(error))

        def answer(question: dict[str, Any], _payload: bytes) -> serving.Answer:
            try:
                if "phonemes" in question:
                    return {"phonemes": speaker.phonemes(question["phonemes"])}, b""
                sound = speaker.say(question["text"], float(question["speed"]))
            except NotRecordedError as error:
                return {"refused": error.reason.value, "detail": error.detail}, b""
            wrong = hearing.wrong(sound, speaker.rate, float(question["letters"]))
            if wrong is not None:
                return {"refused": wrong.value, "detail": f"{len(sound) / speaker.rate:.2f} s"}, b""
            return {"rate": speaker.rate}, hearing.as_pcm(sound)

        return answer

    serving.serve(prepare, float(options.get("idle", IDLE_SECONDS)))


def _refusing(reason: Reason, detail: str) -> Answering:
    return lambda _question, _payload: ({"refused": reason.value, "detail": detail}, b"")


if __name__ == "__main__":
    main()
