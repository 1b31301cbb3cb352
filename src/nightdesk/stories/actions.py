"""What publishing a story does beyond showing it."""

from __future__ import annotations

import datetime
from collections import Counter

from django.db import transaction

from nightdesk.press import outbox
from nightdesk.press.keys import row_key
from nightdesk.press.learn import changing
from nightdesk.stories import body
from nightdesk.stories.indexes import below, only_in
from nightdesk.stories.models import StoryPage, StoryRelated

#: Stories to read next.
RELATED = 4

#: How many of the latest taggings of a topic are looked at for stories to read next. A bound, so
#: that publishing costs the same in an archive of a thousand stories and of a hundred thousand.
LATEST_TAGGINGS = 300


def note_update(story: StoryPage, at: datetime.datetime) -> None:
    """Tell readers that the story says something else since ``at``, if its editor said so.

    The first publication is no update. The editor's tick is spent either way.
    """
    if not story.update_matters:
        return
    if story.first_published_at and story.first_published_at < at:
        story.updated_at = at
    story.update_matters = False
    with changing(story):
        StoryPage.objects.filter(pk=story.pk).update(
            updated_at=story.updated_at, update_matters=story.update_matters
        )


@transaction.atomic
def fill_related(story: StoryPage) -> None:
    """Settle what to read next: the editor's choice first, filled up with readable stories.

    The filling stays as it is until the story is published again. It makes no revision.
    """
    rows = list(story.related.all())
    chosen = [row for row in rows if row.chosen]
    used = {row.story_id for row in chosen} | {story.pk}
    used |= {part.card.pk for part in body.parts(story) if part.card}
    wanted = RELATED - len(chosen)
    filled = _like(story, used, wanted) if wanted > 0 else []
    if filled == [row.story_id for row in rows if not row.chosen]:
        return
    StoryRelated.objects.filter(page=story, chosen=False).delete()
    start = max((row.sort_order or 0 for row in chosen), default=-1) + 1
    StoryRelated.objects.bulk_create(
        StoryRelated(page_id=story.pk, story_id=pk, chosen=False, sort_order=place)
        for place, pk in enumerate(filled, start)
    )
    outbox.note({row_key(StoryPage, story.pk), f"table:{StoryRelated._meta.db_table}"})
    # What this object remembers of its rows is from before; the next look asks the database.
    getattr(story, "_cluster_related_objects", {}).pop("related", None)


def _like(story: StoryPage, used: set[int], count: int) -> list[int]:
    """Ids of the ``count`` stories most like this one: most shared topics, then its section,
    then the newest."""
    readable = only_in(StoryPage.readable(), story.locale_id).exclude(pk__in=used)
    tagging = StoryPage.topics.through.objects
    shared: Counter[int] = Counter()
    for topic in story.topics.all():
        latest = tagging.filter(topic=topic).order_by("-pk")[:LATEST_TAGGINGS]
        shared.update(latest.values_list("storypage_id", flat=True))
    section = story.path[: -story.steplen]
    likely = readable.filter(pk__in=list(shared)).values_list("pk", "path", "first_published_at")
    ranked = sorted(
        likely,
        key=lambda row: (shared[row[0]], row[1].startswith(section), row[2], row[0]),
        reverse=True,
    )
    found = [pk for pk, _path, _published in ranked[:count]]
    if len(found) < count:
        others = below(readable, story.get_parent()).exclude(pk__in=found)
        found += others.values_list("pk", flat=True)[: count - len(found)]
    return found
