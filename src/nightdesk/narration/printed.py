"""What a narration means to readers' pages: it is a part of its story."""

from __future__ import annotations

from collections.abc import Iterator

from nightdesk.narration.models import Narration, SectionAudio, StoryAudio, VoiceChoice
from nightdesk.press import keys, learn
from nightdesk.press.dependencies import list_key, list_keys_at


def lists_of(narration: Narration) -> Iterator[str]:
    """The podcast's: a story stands in it at the moment it was first published."""
    story = narration.story
    if narration.shown and story.first_published_at:
        language = story.locale.language_code
        yield from list_keys_at(story.first_published_at, "narrated", language)
        section = story.get_parent()
        yield from list_keys_at(story.first_published_at, "narrated", language, section.pk)


def keys_of(_choice: VoiceChoice) -> Iterator[str]:
    yield list_key("narrated")


def learn_of_changes() -> None:
    keys.describe(Narration, bookkeeping=Narration.BOOKKEEPING)
    keys.part_of(Narration, "story")
    keys.coarse(VoiceChoice)
    learn.register(Narration, lists=lists_of)
    # What is read is made from these, and told when it is made.
    for unseen in (StoryAudio, SectionAudio):
        keys.describe(unseen, bookkeeping=[field.name for field in unseen._meta.concrete_fields])
