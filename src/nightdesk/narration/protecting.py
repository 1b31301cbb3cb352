"""A protected name in sound: in the byline that is read, in the files' tags, in a spoken version."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from nightdesk.narration import flow
from nightdesk.narration.models import HumanRecording, Narration, Pronunciation, StoryAudio
from nightdesk.narration.persons import actions as persons
from nightdesk.people.protecting.registry import Words, register, register_also
from nightdesk.stories.models import StoryPage


def forget(authors: Iterable[int]) -> None:
    """Whatever is signed by them is read anew, by the desk; until then nobody hears it."""
    signed = StoryPage.objects.filter(bylines__author__in=list(authors)).order_by().distinct()
    made = Narration.objects.filter(story__in=signed.values("pk")).values_list("story", flat=True)
    of_persons = HumanRecording.objects.filter(story__in=signed.values("pk"))
    persons.forget(of_persons.values_list("story", flat=True))
    remake(list(made))


def remake(stories: Iterable[int]) -> None:
    """Gone at once, and made again from what the stories say by then."""
    ids = list(stories)
    flow.pull(ids)
    for story in StoryPage.objects.filter(pk__in=ids):
        flow.want(story)


def _rewritten(row: StoryAudio, fields: dict[str, object]) -> None:
    StoryAudio.objects.filter(pk=row.pk).update(**fields)
    remake([row.story_id])


def _heard(row: Narration, _fields: dict[str, object]) -> None:
    remake([row.story_id])


def _spoken(row: HumanRecording, _fields: dict[str, object]) -> None:
    """What a person said, or who it was, cannot be taken out of a recording."""
    persons.forget([row.story_id])
    remake([row.story_id])


def register_words() -> None:
    register(
        # Whatever says the name is silent at once, and read anew without it.
        Words(Narration, _("stories read aloud"), ("cues", "read_by"), language="", write=_heard),
        Words(
            HumanRecording,
            _("recordings by persons"),
            ("reader", "words"),
            language="",
            write=_spoken,
        ),
        Words(StoryAudio, _("spoken versions"), ("spoken",), language="", write=_rewritten),
        Words(
            Pronunciation,
            _("names and how they are said"),
            ("term", "says", "ipa"),
            language="",
            write=lambda row, fields: Pronunciation.objects.filter(pk=row.pk).update(**fields),
        ),
    )
    register_also(forget)
