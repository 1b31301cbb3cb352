"""Why a story is not read is kept once and said in the language of each editor."""

from __future__ import annotations

import pytest
from django.utils import translation

from nightdesk.narration import choosing, reader, told
from nightdesk.narration.models import Narration, VoiceChoice
from nightdesk.narration.persons import words
from nightdesk.narration.studio.refusals import Refusal
from nightdesk.narration.voices import ports
from nightdesk.narration.voices.ports import Reason
from tests.making import a_story


def in_ukrainian(kept: str) -> str:
    with translation.override("uk"):
        return told.told(kept)


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_of_a_recording_is_said_again(refusal):
    with translation.override(told.LANGUAGE):
        kept = words.sentence(refusal)
    with translation.override("uk"):
        assert words.sentence(refusal) == told.told(kept) != kept


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_a_voice_is_said_again_with_its_sentence(reason):
    kept = ports.WORDS[reason]
    with translation.override("uk"):
        said = translation.gettext(kept)
    assert in_ukrainian(kept) == said != kept
    assert in_ukrainian(f"{kept} (Bakhmut (town) fell.)") == f"{said} (Bakhmut (town) fell.)"


def test_what_is_filled_in_stays_as_it_was():
    kept = "The story has 31000 characters; up to 30000 are read. A shorter spoken version can be "
    said = in_ukrainian(kept + "read in its place.")
    assert "31000" in said and "30000" in said and "characters" not in said
    assert in_ukrainian("") == "" and in_ukrainian("Something else.") == "Something else."


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_it_is_kept_so_that_each_editor_reads_it_in_their_language(section, settings):
    settings.LANGUAGE_CODE = "uk"
    VoiceChoice.objects.create(language="en", voice="piper:nobody")
    story = a_story(section, "Not read")
    Narration.objects.create(story=story, token="t" * 26)
    assert reader.read_next()
    row = Narration.objects.get()
    with translation.override("en"):
        assert row.why.startswith("The voice “piper:nobody” is not installed.")
    with translation.override("uk"):
        assert row.why.startswith("Голос «piper:nobody» ") and row.why == told.told(row.because)
        refused = choosing.voice_of("en")
        assert row.why == refused.because
