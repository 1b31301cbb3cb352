"""What taking down means for sound: of a story with it, and of the sound alone.

Its files are deleted, and every name that begins like theirs answers 410. Taken down alone, the
story stays and is not read again until that is lifted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.kernel.tokens import unguessable
from nightdesk.narration import flow
from nightdesk.narration.models import Narration
from nightdesk.narration.persons import actions as persons
from nightdesk.press.keys import row_key
from nightdesk.stories.models import StoryPage
from nightdesk.takedown.kinds import Kind, Part

_FILE = re.compile(r"/media/audio/([a-z0-9]+)-[^/]*")


class Sounds(Kind):
    name = "audio"
    label = _("audio")
    model = Narration

    def find(self, path: str) -> Narration | None:
        found = _FILE.fullmatch(path)
        return Narration.objects.filter(token=found[1]).first() if found else None

    def path(self, thing: Any) -> str:
        """The address of its file; a sound has no page of its own."""
        return f"/media/{thing.audio or f'audio/{thing.token}-none'}"

    def keys(self, thing: Any) -> Iterable[str]:
        return [row_key(StoryPage, thing.story_id)]

    def stems(self, thing: Any) -> Iterable[str]:
        return [f"audio/{thing.token}"]

    def files(self, thing: Any) -> Iterable[str]:
        return thing.files

    def title(self, thing: Any) -> str:
        return str(thing.story.title)

    def is_shown(self, thing: Any) -> bool:
        return bool(thing.shown)

    def take_away(self, thing: Any, by: Any) -> None:
        persons.forget([thing.story_id])
        flow.pull([thing.story_id], for_good=True)

    def take_away_anyhow(self, thing: Any) -> None:
        self.take_away(thing, None)

    def keep_away(self, thing: Any) -> None:
        if thing.shown:
            self.take_away(thing, None)

    def give_back(self, thing: Any) -> None:
        _name_anew(thing.story_id)
        flow.want(thing.story)

    def edit_url(self, thing: Any) -> str:
        return reverse("story_aloud", args=[thing.story_id])


def _stems(story: Any) -> Iterator[str]:
    row = Narration.objects.filter(story=story.pk).only("token").first()
    if row:
        yield f"audio/{row.token}"


def _take_away(story: Any) -> None:
    persons.forget([story.pk])
    flow.pull([story.pk], for_good=True)


def _give_back(story: Any) -> None:
    _name_anew(story.pk)


def _name_anew(story_id: int) -> None:
    """The names of its files are taken for ever: whatever is made again has another."""
    Narration.objects.filter(story=story_id).update(token=unguessable())


#: What of a story that is taken down is ours.
PART = Part("story", stems=_stems, take_away=_take_away, give_back=_give_back)
