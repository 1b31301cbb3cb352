"""What an edition means to other pages than its own, and where past ones are public."""

from __future__ import annotations

from collections.abc import Iterator

from nightdesk.newsletters.editions.lists import NAME, with_public_lists
from nightdesk.newsletters.models import Edition
from nightdesk.press import keys, learn, pages
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import list_keys_at

#: How an edition came to be and how its sending goes, which no page says.
BOOKKEEPING = {
    "held_because",
    "held_told_at",
    "created_at",
    "changed_at",
    "send_at",
    "arrive_by",
    "spread_minutes",
    "made_by",
    "approved_by",
    "approved_at",
    "finished_at",
    "epoch",
    "version",
}


def lists_of(edition: Edition) -> Iterator[str]:
    if edition.has_page:
        yield from list_keys_at(edition.started_at, NAME, edition.newsletter_id)


def paths_of(edition: Edition) -> Iterator[str]:
    if edition.has_page:
        yield edition.get_absolute_url()


def keys_of(edition: Edition) -> Iterator[str]:
    """The page of the edition that it corrects leads to it."""
    if edition.corrects_id:
        yield keys.row_key(Edition, edition.corrects_id)


def edition_paths() -> Iterator[str]:
    for edition in Edition.with_page().iterator():
        yield edition.get_absolute_url()


def list_paths() -> Iterator[str]:
    for newsletter in with_public_lists():
        yield address("newsletter_editions", newsletter.language, slug=newsletter.slug)


def learn_of_changes() -> None:
    keys.describe(Edition, bookkeeping=BOOKKEEPING)
    keys.asked_by(Edition, "corrects", lambda pk: f"corrections-of:{pk}")
    learn.register(Edition, keys=keys_of, lists=_lists, paths=paths_of)
    pages.register("edition", edition_paths)
    pages.register("editions", list_paths)


def _lists(edition: Edition) -> Iterator[str]:
    yield from lists_of(edition)
    if edition.corrects_id:
        yield f"corrections-of:{edition.corrects_id}"
