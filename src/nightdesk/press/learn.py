"""Learn of every change: compare a row before and after, and tell the outbox what follows.

A room says beside its model what a row means to readers beyond itself::

    learn.register(Brief, lists=lists_of, paths=paths_of)

``lists(row)`` are the keys of the lists that the row stands in: those that it enters or leaves
are told. ``keys(row)`` are told with every change that readers can see. ``paths(row)`` are the
public paths that are the row's own: what was one and is none any more is gone. ``for_some(row)``
are its paths at which something else stands now: for those that only some readers may read the
press learns that the site must be asked; at others it is said that the row was withdrawn.
All are asked with the row as the database has it, before the change and after it.

Rooms that keep something else of a row's words are told of each change in its own transaction
(`on_change`).

``update()``, ``bulk_create()`` and SQL of one's own send no signal: they are wrapped in `changing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from wagtail.models import Page

from nightdesk.press import keys as known
from nightdesk.press import outbox

Tell = Callable[[Any], Iterable[str]]


def _nothing(_row: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Lesson:
    keys: Tell = _nothing
    lists: Tell = _nothing
    paths: Tell = _nothing
    for_some: Tell = _nothing


_lessons: dict[type[Model], Lesson] = {}


def register(
    model: type[Model],
    *,
    keys: Tell = _nothing,
    lists: Tell = _nothing,
    paths: Tell = _nothing,
    for_some: Tell = _nothing,
) -> None:
    _lessons[model] = Lesson(keys, lists, paths, for_some)


@dataclass(frozen=True)
class State:
    """One row and what it means, as the database has it at a moment."""

    model: type[Model]
    pk: Any
    values: dict[str, Any]
    keys: frozenset[str]
    lists: frozenset[str]
    paths: frozenset[str]
    for_some: frozenset[str]
    parent: tuple[type[Model], Any] | None


_on_move: list[Callable[[State, State], None]] = []


def on_move(told: Callable[[State, State], None]) -> None:
    """Be told when a page has got another address, in the transaction that gave it."""
    _on_move.append(told)


#: Told of a row as it was and as it is; None where there was or is none.
Observer = Callable[[State | None, State | None], None]

_on_change: dict[type[Model], list[Observer]] = {}


def on_change(model: type[Model], told: Observer) -> None:
    """Be told when readers may see something else of a row of this model, whichever way it was
    written, in the transaction that wrote it. Of a row's bookkeeping nothing is told."""
    listeners = _on_change.setdefault(model, [])
    if told not in listeners:
        listeners.append(told)


def state_of(model: type[Model], pk: Any) -> State | None:
    """None when there is no such row. A page is looked at as what it really is."""
    row = model._base_manager.filter(pk=pk).first() if pk is not None else None
    if row is None:
        return None
    if isinstance(row, Page):
        row = row.specific
    lesson = _lessons.get(type(row), Lesson())
    unseen = known.bookkeeping(type(row))
    values = {
        field.attname: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
        if field.name not in unseen
    }
    return State(
        type(row),
        row.pk,
        values,
        frozenset(lesson.keys(row)),
        frozenset(lesson.lists(row)),
        frozenset(lesson.paths(row)),
        frozenset(lesson.for_some(row)),
        known.parent_of(row),
    )


def compare(before: State | None, after: State | None) -> None:
    """Note what a change from one state to the other means. One of them may be None."""
    one = after or before
    if one is None:
        return
    if before and after and before.values.get("url_path") != after.values.get("url_path"):
        for told in _on_move:
            told(before, after)
    for observer in _on_change.get(one.model, ()):
        observer(before, after)
    touched, gone, urgent = _row_keys(one, before, after), set(), set()
    for state, other in ((before, after), (after, before)):
        lists = other.lists if other else frozenset()
        if state:
            touched |= state.lists - lists
    touched |= {key.partition("@")[0] for key in touched if "@" in key}
    if before:
        gone = before.paths - (after.paths if after else frozenset())
    if not touched and not gone and before and after and before.paths == after.paths:
        return
    for state in (before, after):
        if state:
            touched |= state.keys
            touched |= _parent_keys(state)
    touched |= _table_keys(one.model)
    if after:
        urgent = {*after.paths, *after.for_some} | _parent_paths(after)
    elif before:
        urgent = _parent_paths(before)
    outbox.note(touched, gone, urgent)


def _row_keys(one: State, before: State | None, after: State | None) -> set[str]:
    """The keys of the row itself, as far as what they stand for has changed."""
    if before and after:
        names = {name for name in after.values if before.values.get(name) != after.values[name]}
        moved = before.lists != after.lists or before.paths != after.paths
        if not names and not moved:
            return set()
    else:
        names, moved = set(one.values), True
    if coarse := known.coarse_key(one.model):
        return {coarse}
    if one.parent:
        return {known.row_key(one.model, one.pk)}
    found = {known.row_key(one.model, one.pk)}
    if issubclass(one.model, Page) and (moved or not names <= known.inside(one.model)):
        found.add(known.card_key(one.pk))
    if issubclass(one.model, Page) and _has_moved(one, before, after, names):
        found.add(known.place_key(one.pk))
    return found


def _has_moved(one: State, before: State | None, after: State | None, names: set[str]) -> bool:
    """Whether a link to a page leads elsewhere now, or begins or ceases to be one."""
    if before is None or after is None or before.paths != after.paths:
        return True
    return not names.isdisjoint(known.place_attributes(one.model))


def _parent_keys(state: State) -> set[str]:
    if state.parent is None:
        return set()
    model, pk = state.parent
    found = {known.row_key(model, pk)}
    if issubclass(model, Page) and known.is_on_card(state.model):
        found.add(known.card_key(pk))
    return found


def _parent_paths(state: State) -> set[str]:
    if state.parent is None:
        return set()
    parent = state_of(*state.parent)
    return set(parent.paths) if parent else set()


def _table_keys(model: type[Model]) -> set[str]:
    tables = [model, *model._meta.get_parent_list()]
    return {f"table:{each._meta.db_table}" for each in tables}


@contextmanager
def changing(*rows: Model) -> Iterator[None]:
    """Around a bulk write to these rows: compare them before and after, in one transaction."""
    with transaction.atomic():
        before = [(row, state_of(type(row), row.pk)) for row in rows]
        yield
        for row, state in before:
            compare(state, state_of(type(row), row.pk))


def _is_told(sender: type[Model]) -> bool:
    """Migrations write through models of their own, before there is an outbox."""
    return sender._meta.db_table not in known.UNTOLD and sender.__module__ != "__fake__"


def _needs_states(sender: type[Model]) -> bool:
    return (
        sender in _lessons
        or issubclass(sender, Page)
        or known.is_part(sender)
        or known.coarse_key(sender) is not None
        or bool(known.bookkeeping(sender))
    )


def _only_bookkeeping(sender: type[Model], update_fields: Iterable[str] | None) -> bool:
    return update_fields is not None and set(update_fields) <= known.bookkeeping(sender)


def _before_save(
    sender: type[Model], instance: Model, raw: bool = False, update_fields: Any = None, **_: object
) -> None:
    if raw or not _is_told(sender) or not _needs_states(sender):
        return
    if _only_bookkeeping(sender, update_fields):
        return
    instance.__dict__["_state_before"] = (
        None if instance.pk is None or instance._state.adding else state_of(sender, instance.pk)
    )


def _after_save(
    sender: type[Model], instance: Model, raw: bool = False, update_fields: Any = None, **_: object
) -> None:
    if raw or not _is_told(sender) or _only_bookkeeping(sender, update_fields):
        return
    if not _needs_states(sender):
        outbox.note({known.row_key(sender, instance.pk)} | _table_keys(sender))
        return
    before = instance.__dict__.pop("_state_before", None)
    compare(before, state_of(sender, instance.pk))


def _before_delete(sender: type[Model], instance: Model, **_: object) -> None:
    """Everything is still there: a page's children, a byline's story."""
    if not _is_told(sender) or (sender is Page and instance.specific_class is not Page):
        return
    if _needs_states(sender):
        compare(state_of(sender, instance.pk), None)
    else:
        outbox.note({known.row_key(sender, instance.pk)} | _table_keys(sender))


def _m2m(
    sender: type[Model], instance: Model, action: str, reverse: bool, pk_set: Any, **_: object
) -> None:
    """A topic added to a story, or taken off: the story before and after."""
    model = type(instance)
    if reverse or not _is_told(sender) or model._meta.db_table in known.UNTOLD:
        return
    if action.startswith("pre_"):
        instance.__dict__["_m2m_before"] = state_of(model, instance.pk)
        return
    before = instance.__dict__.pop("_m2m_before", None)
    after = state_of(model, instance.pk)
    if after is None or (action != "post_clear" and not pk_set):
        return
    found = {known.row_key(model, instance.pk), f"table:{sender._meta.db_table}"}
    found |= after.keys | (after.lists ^ (before.lists if before else frozenset()))
    found |= {key.partition("@")[0] for key in found if "@" in key}
    outbox.note(found, (), after.paths)


def listen() -> None:
    pre_save.connect(_before_save, dispatch_uid="press.learn")
    post_save.connect(_after_save, dispatch_uid="press.learn")
    pre_delete.connect(_before_delete, dispatch_uid="press.learn")
    m2m_changed.connect(_m2m, dispatch_uid="press.learn")
