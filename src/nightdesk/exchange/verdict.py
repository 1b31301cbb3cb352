"""Whether what was found may be published as it is: every reader asks here, so all are as careful."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from .found import FoundQuote, FoundStory, FoundText
from .tidy_html import words_of

_SHORTEST = 12


def judged(story: FoundStory, doubts: list[str] | tuple[str, ...] = ()) -> FoundStory:
    """The story with everything that keeps it a draft named in `doubts`, in plain words."""
    doubts = [*story.doubts, *doubts]
    if not story.headline:
        doubts.append("no headline was found")
    if story.published is None:
        doubts.append("no date of publication was found")
    elif _is_in_the_future(story.published):
        doubts.append(f"its date lies in the future: {story.published:%-d %B %Y}")
    words = sum(
        words_of(part.html) if isinstance(part, FoundText) else len(part.text.split())
        for part in story.body
        if isinstance(part, FoundText | FoundQuote)
    )
    if not words:
        doubts.append("no text was found")
    elif words < _SHORTEST:
        doubts.append(f"its text has only {words} words")
    notes = list(story.notes)
    if not story.bylines:
        notes.append("no author is named")
    if isinstance(story.published, date) and not isinstance(story.published, datetime):
        notes.append("the time of day is not given: noon is used")
    return replace(story, notes=tuple(notes), doubts=tuple(doubts))


def _is_in_the_future(when: datetime | date) -> bool:
    day = when.date() if isinstance(when, datetime) else when
    return day > date.today() + timedelta(days=1)
