"""Questions about a story's body: its words, and which related cards it shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nightdesk.kernel.text import count_words, fold, plain
from nightdesk.stories.indexes import only_in

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

    from nightdesk.stories.models import StoryPage


@dataclass(frozen=True)
class Part:
    """One block as the page shows it. ``card`` is the story of a related block, when it is here."""

    block: Any
    card: StoryPage | None = None


def blocks_of(body: StreamValue, kinds: Collection[str]) -> Iterator[Any]:
    """The blocks of some kinds, in order. What the others refer to is not even looked up."""
    for place, block in enumerate(body.raw_data):
        if block["type"] in kinds:
            yield body[place]


def texts(body: StreamValue) -> Iterator[str]:
    """The plain text of every block that a reader reads as text, in order."""
    for block in body:
        if block.block_type == "text":
            yield plain(block.value.source)
        elif block.block_type == "quote":
            yield block.value["text"]
        elif block.block_type == "fact_box":
            yield block.value["title"]
            yield plain(block.value["text"].source)


def words(body: StreamValue) -> int:
    return sum(count_words(text) for text in texts(body))


def waiting_headlines(body: StreamValue) -> list[str]:
    """Folded headlines of related blocks that name a story without choosing one."""
    return [
        fold(block.value["headline"])
        for block in body
        if block.block_type == "related" and not block.value["story"]
    ]


def parts(story: StoryPage) -> Iterable[Part]:
    """The body in order, each related block with the story it leads to.

    A card whose story is not published vanishes; a headline nobody has published yet stays a
    plain line; no story is shown twice, nor the story itself within its own body.
    """
    from nightdesk.stories.models import StoryPage

    chosen = {
        block.value["story"].pk
        for block in story.body
        if block.block_type == "related" and block.value["story"]
    }
    keys = set(waiting_headlines(story.body))
    found = StoryPage.readable()
    by_id = {card.pk: card for card in found.filter(pk__in=chosen)} if chosen else {}
    by_key: dict[str, StoryPage] = {}
    if keys:
        same_language = only_in(found.filter(headline_key__in=keys), story.locale_id)
        for card in same_language.order_by("first_published_at", "pk"):
            by_key[card.headline_key] = card
    seen = {story.pk}
    for block in story.body:
        if block.block_type != "related":
            yield Part(block)
            continue
        chosen_story = block.value["story"]
        if chosen_story:
            card = by_id.get(chosen_story.pk)
        else:
            card = by_key.get(fold(block.value["headline"]))
            if card is None:
                yield Part(block)
                continue
        if card is not None and card.pk not in seen:
            seen.add(card.pk)
            yield Part(block, card)
