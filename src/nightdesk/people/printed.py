"""What authors and desks mean to pages other than their own."""

from __future__ import annotations

from collections.abc import Iterator

from nightdesk.people.models import Author, Desk
from nightdesk.press import learn
from nightdesk.press.dependencies import list_key


def named(kind: str, language: str, slug: str) -> tuple[str, ...]:
    """The collection of what one address names: an author, a desk or a topic, or nobody."""
    return ("named", kind, language, slug)


def lists_of(row: Author | Desk) -> Iterator[str]:
    """An address that begins or ceases to be somebody's."""
    yield list_key(*named(row._meta.model_name, row.locale.language_code, row.slug))


def keys_of_author(author: Author) -> Iterator[str]:
    """Their desk lists them, and may be known of only because of them."""
    yield list_key("shown")
    if author.desk_id:
        yield list_key("desk-authors", author.desk_id)


def learn_of_changes() -> None:
    learn.register(Author, keys=keys_of_author, lists=lists_of)
    learn.register(Desk, lists=lists_of)
