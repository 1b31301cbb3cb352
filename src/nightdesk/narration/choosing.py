"""Whether a story is read at all, and by which voice. Each refusal is a sentence for editors."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from nightdesk.mail.health import is_public
from nightdesk.narration.models import Narration, SectionAudio, StoryAudio, VoiceChoice
from nightdesk.narration.passages import Script
from nightdesk.narration.studio import record
from nightdesk.narration.voices import engines
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Voice
from nightdesk.narration.voices.text import FOREIGN, check_sounds, foreign_share
from nightdesk.stories.embargo import may_be_used
from nightdesk.stories.models import StoryPage
from nightdesk.takedown.models import Takedown


@dataclass(frozen=True, slots=True)
class NotRead:
    """``reason`` is one of a few words that code knows, ``because`` what an editor reads."""

    reason: str
    because: str


def offered(language: str) -> list[Voice]:
    """The voices on this machine that read a language, the one to begin with first."""
    return [voice for voice in engines.voices(settings.VOICES) if voice.language == language]


def voice_of(language: str) -> Voice | NotRead:
    """The voice that reads a language.

    On a public address nobody is read before somebody has chosen, knowing the licence; a newsroom
    that is only tried out has the first that is installed.
    """
    if not settings.NIGHTDESK["NIGHTDESK_NARRATION"]:
        return NotRead("off", _("Narration is switched off on this server (NIGHTDESK_NARRATION)."))
    choice = VoiceChoice.objects.filter(language=language).first()
    if choice and not choice.voice:
        return NotRead("off", _("Narration is switched off for this language."))
    if choice:
        return _named(choice.voice) or NotRead(
            "missing",
            _("The voice “%(voice)s” is not installed. Choose another under Voices.")
            % {"voice": choice.voice},
        )
    there = offered(language)
    if not there:
        return NotRead("no voice", _no_voice())
    if is_public(settings.PUBLIC_URL):
        return NotRead("not chosen", _("Nobody has chosen a voice yet. Choose one under Voices."))
    return there[0]


def unknown_sounds(language: str, ipa: str) -> str:
    """The signs that the language's voice does not know, as editors see them; empty where there is
    no voice to be asked."""
    voice = voice_of(language)
    if isinstance(voice, NotRead) or not ipa:
        return ""
    try:
        check_sounds(ipa, voice, engines.engine(voice.engine))
    except NotRecordedError as error:
        signs = error.detail.split() if error.reason is Reason.UNKNOWN_SOUND else ()
        # A sign that stands on another one cannot be seen alone.
        seen = [f"◌{sign}" if unicodedata.combining(sign[0]) else sign for sign in signs]
        return " ".join(f"“{sign}”" for sign in seen)
    return ""


def _named(name: str) -> Voice | None:
    """Also one that is never offered, such as the one for tests."""
    every = [voice for engine in engines.installed() for voice in engine.voices()]
    every += engines.voices(settings.VOICES)
    return next((voice for voice in every if voice.id == name), None)


def _no_voice() -> str:
    if engines.voices(settings.VOICES):
        return _("There is no voice for this language on this server.")
    return _(
        "No voice is installed on this server, so no story is read. Whoever operates it installs "
        "Nightdesk with its extra “audio”."
    )


def disclosure_of(language: str) -> str:
    choice = VoiceChoice.objects.filter(language=language).first()
    return choice.disclosure if choice else ""


def may_be_heard(story: StoryPage) -> NotRead | None:
    """Why readers get no sound of this story, whoever reads it; None when they may."""
    if not StoryPage.readable().filter(pk=story.pk).exists():
        return NotRead("not public", _("The story is not out, or not for everybody."))
    if story.alias_of_id:
        return NotRead("alias", _("The story it repeats is read."))
    if not may_be_used(story, timezone.now()):
        return NotRead("embargo", _("The story is under embargo."))
    if Takedown.in_force().filter(kind="audio", thing__in=_sound_of(story)).exists():
        return NotRead("taken down", _("Its sound has been taken down."))
    return None


def is_wanted(story: StoryPage) -> NotRead | None:
    """Why the voice does not read this story; None when it does."""
    refused = may_be_heard(story)
    if refused:
        return refused
    choice = StoryAudio.objects.filter(story=story).first()
    answer = choice.choice if choice else ""
    if answer == StoryAudio.Choice.NO:
        return NotRead("switched off", _("An editor switched it off for this story."))
    if answer == StoryAudio.Choice.YES:
        return None
    above = Page.objects.ancestor_of(story).values("pk")
    if SectionAudio.objects.filter(page__in=above, read=False).exists():
        return NotRead("switched off", _("It is switched off for the section."))
    return None


def _sound_of(story: StoryPage) -> list[str]:
    return [str(pk) for pk in Narration.objects.filter(story=story).values_list("pk", flat=True)]


def can_be_read(script: Script) -> NotRead | None:
    if not any(passage.block not in ("headline", "byline") for passage in script.passages):
        return NotRead("nothing", _("There is no text to read."))
    if script.characters > record.LONGEST:
        return NotRead(
            "too long",
            _(
                "The story has %(count)d characters; up to %(most)d are read. A shorter spoken "
                "version can be read in its place."
            )
            % {"count": script.characters, "most": record.LONGEST},
        )
    text = " ".join(one.written for passage in script.passages for one in passage.sentences)
    if foreign_share(text, script.language) > FOREIGN:
        return NotRead(
            "wrong script",
            _("Much of the text is in another alphabet than the language of the story."),
        )
    return None
