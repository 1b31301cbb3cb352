"""Where a name can stand. Each room says so of its own rows in ``AppConfig.ready()``; a room that
makes something else of them, as narration makes sound, joins in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from nightdesk.people.models import Desk

#: An author's id → the desk that signs instead, in the same language.
Desks = Mapping[int, Desk]


def _nothing_more(_row: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Words:
    """Rows of ``model`` whose ``fields`` readers may read: text, HTML, JSON or addresses.

    ``language`` names the column with the id of their language, empty for rows of every language.
    ``slug`` is the field that makes a public address; one with the name in it gets another, and
    the old one is gone. ``follow(row)``: other columns that follow from the new words. ``write``
    changes a row, for rooms whose rows need more than `nightdesk.press.learn.changing`.
    ``path`` is the public path of a row, ``where`` the place in the admin where it is written.
    """

    model: type[Model]
    label: str | Promise
    fields: tuple[str, ...]
    language: str = "locale_id"
    slug: str = ""
    follow: Callable[[Any], dict[str, Any]] = _nothing_more
    write: Callable[[Any, dict[str, Any]], None] | None = None
    where: Callable[[Any], str] = lambda _row: ""
    path: Callable[[Any], str | None] = lambda _row: None


@dataclass(frozen=True)
class Signing:
    """Rows that name an author as the one who did something: ``count(ids)`` of them for the page
    that asks, ``replace(desks)`` puts the desks there and gives what was changed."""

    label: str | Promise
    count: Callable[[Iterable[int]], int]
    replace: Callable[[Desks], Sequence[Model]]


@dataclass(frozen=True)
class Drafts:
    """Earlier and later states of ``model`` that Wagtail keeps: ``rewrite(content, desks)`` puts
    desks for authors into one, and says whether that changed it. ``language(content)`` is the id
    of its language, for rows that have that of something else."""

    model: type[Model]
    rewrite: Callable[[dict[str, Any], Desks], bool]
    language: Callable[[dict[str, Any]], int | None] = lambda content: content.get("locale")


#: Called in the transaction, with the ids of the authors that are protected, for what else is
#: made of their name: ``forget(ids)``.
Also = Callable[[Iterable[int]], None]

_words: dict[type[Model], Words] = {}
_signing: list[Signing] = []
_drafts: dict[type[Model], Drafts] = {}
_also: list[Also] = []


def register(*what: Words | Signing | Drafts) -> None:
    for one in what:
        if isinstance(one, Words):
            _words[one.model] = one
        elif isinstance(one, Drafts):
            _drafts[one.model] = one
        elif one not in _signing:
            _signing.append(one)


def register_also(forget: Also) -> None:
    if forget not in _also:
        _also.append(forget)


def words() -> list[Words]:
    return list(_words.values())


def signing() -> list[Signing]:
    return list(_signing)


def drafts() -> dict[type[Model], Drafts]:
    return dict(_drafts)


def also() -> list[Also]:
    return list(_also)
