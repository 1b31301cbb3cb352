"""What taking a story down means for its sound: gone, and every name of its files answers 410."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nightdesk.narration import flow
from nightdesk.narration.models import Narration
from nightdesk.takedown.kinds import Part


def stems(story: Any) -> Iterator[str]:
    row = Narration.objects.filter(story=story.pk).only("token").first()
    if row:
        yield f"audio/{row.token}-"


def take_away(story: Any) -> None:
    flow.pull([story.pk], for_good=True)


def give_back(story: Any) -> None:
    """Its files' names are taken for ever: whatever is made again has another."""
    from nightdesk.kernel.tokens import unguessable

    Narration.objects.filter(story=story.pk).update(token=unguessable())


PART = Part("story", stems=stems, take_away=take_away, give_back=give_back)
