"""What every engine that is installed promises. Piper is installed wherever tests run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from nightdesk.narration.voices import booth, engines, text
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Voice

SENTENCE = "The president met his commanders."
ENGINES = [each.id for each in engines.installed()]


@pytest.fixture(params=ENGINES)
def voice(request) -> Voice:
    return engines.engine(request.param).voices()[0]


def refusal(voice: Voice, spoken: str, **options) -> NotRecordedError:
    with pytest.raises(NotRecordedError) as refused:
        booth.speak(voice, spoken, **options)
    return refused.value


def test_piper_and_tone_are_installed_wherever_tests_run():
    assert {"piper", "tone"} <= set(ENGINES)


def test_a_sentence_becomes_as_much_sound_as_it_takes_to_read(voice):
    speech = booth.speak(voice, SENTENCE)
    assert speech.rate >= 16_000
    assert 0.04 < speech.seconds / len(SENTENCE) < 0.12


def test_a_faster_voice_is_shorter(voice):
    slow = booth.speak(voice, SENTENCE, quiet=True)
    fast = booth.speak(replace(voice, speed=1.5), SENTENCE, quiet=True)
    assert 0.5 < fast.seconds / slow.seconds < 0.85


def test_a_voice_says_what_it_is(voice):
    engine = engines.engine(voice.engine)
    assert engine.version()
    assert voice.language in engine.languages()
    assert voice.id.startswith(f"{engine.id}:")
    assert len(voice.checksum) == 64
    assert engine.checksum(voice.name) == voice.checksum
    licence = engine.licence(voice)
    assert licence.program.endswith(".") and licence.voice.endswith(".")


def test_a_model_that_is_not_the_one_chosen_is_not_used(voice):
    refused = refusal(replace(voice, checksum="0" * 64), SENTENCE)
    assert refused.reason is Reason.VOICE_CHANGED


def test_a_voice_that_is_not_there_is_said_to_be_missing(voice):
    assert refusal(replace(voice, name="nobody"), SENTENCE).reason is Reason.VOICE_MISSING


@pytest.mark.parametrize("voice", [each for each in ENGINES if each != "tone"], indirect=True)
def test_a_file_of_ones_own_that_is_not_there_is_said_to_be_missing(voice):
    refused = refusal(replace(voice, name="/nowhere/voice.onnx"), SENTENCE)
    assert refused.reason is Reason.VOICE_MISSING


def test_a_language_without_a_voice_is_refused(voice):
    assert refusal(replace(voice, language="ka"), SENTENCE).reason is Reason.WRONG_LANGUAGE


def test_a_sentence_in_foreign_letters_is_refused_before_anything_starts(voice):
    refused = refusal(replace(voice, language="en"), "Слава means glory.")
    assert refused.reason is Reason.WRONG_SCRIPT
    assert refused.sentence == "Слава means glory."


def test_a_ukrainian_voice_reads_names_in_latin_letters(voice):
    engine, ukrainian = engines.engine(voice.engine), replace(voice, language="uk")
    said = "Про це пише Wall Street Journal."
    assert text.fitting(said, ukrainian, engine) == (said, [])
    said, left_out = text.fitting("Напис «ქართული» бачили тисячі людей у місті.", ukrainian, engine)
    assert (said, left_out) == ("Напис «» бачили тисячі людей у місті.", ["ქართული"])


def test_nothing_to_say_and_too_much_at_once_are_refused(voice):
    assert refusal(voice, "… —").reason is Reason.NOTHING_TO_SAY
    assert refusal(voice, "word " * 60).reason is Reason.TOO_LONG


def test_a_name_may_be_given_in_sounds_that_the_voice_knows(voice):
    if not engines.engine(voice.engine).supports_ipa:
        pytest.skip("takes no sounds")
    assert booth.speak(voice, "He is in [[bɑxmˈut]] now.").seconds > 0.5
    refused = refusal(voice, "He is in [[bɑж]] now.")
    assert refused.reason is Reason.UNKNOWN_SOUND and refused.detail == "ж"


def test_every_reason_has_words_for_the_newsroom():
    for reason in Reason:
        assert str(NotRecordedError(reason)).endswith(".")


def test_here_nothing_of_an_engine_is_imported():
    program = f"""
import sys
from nightdesk.narration.studio import record
from nightdesk.narration.voices import booth, engines, text
for engine in engines.installed():
    for voice in engine.voices():
        engine.checksum(voice.name), engine.licence(voice), engine.sounds(voice)
booth.speak(engines.engine("tone").voices()[0], {SENTENCE!r})
heavy = {{"piper", "onnxruntime", "numpy", "lameenc", "soundfile", "django"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
