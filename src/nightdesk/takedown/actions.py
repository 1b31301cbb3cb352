"""Take down, and lift. Both write the list that the newsstand follows before they touch the
database: whatever becomes of the database then, it is down."""

from __future__ import annotations

import datetime
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Model
from wagtail.log_actions import log as write_log

from nightdesk.press import together
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.format import hashed
from nightdesk.press.shelf.takedowns import Withdrawn
from nightdesk.takedown import kinds
from nightdesk.takedown.kinds import Kind
from nightdesk.takedown.models import Takedown

log = logging.getLogger("nightdesk.takedown")

DOWN, LIFTED = "takedown.down", "takedown.lift"


def take_down(
    kind: Kind, thing: Model, *, reason: str, sentence: str = "", by: Any = None, name: str = ""
) -> Takedown:
    """Take it down now. One that is down already stays as it is and is returned.

    ``by``: an account; ``name``: who it was, when there is none. Raises ``OSError`` when the list
    cannot be written, and then nothing has happened.
    """
    standing = in_force(kind, thing)
    if standing:
        return standing
    one = Withdrawn(
        id=takedowns.new_id(),
        path=kind.path(thing),
        say=sentence,
        reason=reason,
        by=name or (by.get_username() if by else ""),
        **described(kind, thing),
    )
    one = takedowns.take_down(Path(settings.DATA), one)
    return keep(one, by)


def in_force(kind: Kind, thing: Model) -> Takedown | None:
    """The takedown of this thing that holds."""
    found = Takedown.in_force().filter(kind=kind.name, thing=str(thing.pk)).first()
    if found:
        return found
    path = kind.path(thing)
    return next((one for one in Takedown.in_force() if path and path in one.paths), None)


@transaction.atomic
def keep(one: Withdrawn, by: Any = None) -> Takedown:
    """Do in the database what the list says: a row, and the thing itself made private. Safe to run
    again. What the database knows beyond the list is added to it."""
    together.beside_others()
    kind, thing = find(one)
    more: dict[str, object] = {}
    if kind and thing:
        more = described(kind, thing)
    row, is_new = Takedown.objects.get_or_create(
        key=one.id,
        defaults={
            "kind": more.get("kind", ""),
            "thing": more.get("thing", ""),
            "title": str(more.get("title", one.title))[:300],
            "path": one.path,
            "paths": list(dict.fromkeys([*one.addresses, *more.get("paths", ())])),
            "stems": list(dict.fromkeys([*one.stems, *more.get("stems", ())])),
            "reason": one.reason,
            "sentence": one.say[:300],
            "at": moment(one.at),
            "by": by,
            "by_name": one.by[:150],
        },
    )
    if not is_new:
        return row
    if more and not all(set(more[name]) <= set(getattr(one, name)) for name in _LISTS):
        takedowns.add(Path(settings.DATA), one.id, **more)
    if kind and thing:
        _take_away(kind, thing, by)
        write_log(instance=thing, action=DOWN, user=by, data={"key": row.key})
    return row


_LISTS = ("paths", "stems", "files", "keys")


def described(kind: Kind, thing: Model) -> dict[str, Any]:
    """What the list should know of a thing."""
    stems = [*kind.stems(thing)]
    for part in kinds.parts_of(kind):
        stems += part.stems(thing)
    return {
        "kind": kind.name,
        "thing": str(thing.pk),
        "title": kind.title(thing)[:300],
        "paths": tuple(dict.fromkeys(kind.paths(thing))),
        "stems": tuple(dict.fromkeys(stems)),
        "files": tuple(dict.fromkeys(kind.files(thing))),
        "keys": tuple(dict.fromkeys(hashed(key) for key in kind.keys(thing))),
    }


def find(one: Withdrawn) -> tuple[Kind, Model] | tuple[None, None]:
    """What an entry of the list is in this database: by its address, which says more than an id in
    a database that may be another one; else by its id, when that is called the same."""
    found = next(filter(None, map(kinds.find, [one.path, *one.paths])), None)
    if found:
        return found
    kind = kinds.named(one.kind)
    thing = kind.get(one.thing) if kind else None
    if kind and thing is not None and kind.title(thing)[:300] == one.title:
        return kind, thing
    return None, None


def named_thing(row: Takedown) -> tuple[Kind | None, Model | None]:
    """What a takedown is about; nothing when it was deleted since, or never was here."""
    kind = kinds.named(row.kind)
    return kind, kind.get(row.thing) if kind else None


def _take_away(kind: Kind, thing: Any, by: Any) -> None:
    try:
        with transaction.atomic():
            kind.take_away(thing, by)
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s could not be unpublished as usual; its row is changed by itself.", thing)
        kind.take_away_anyhow(thing)
    for part in kinds.parts_of(kind):
        part.take_away(thing)


def keep_down(row: Takedown) -> bool:
    """See that what is down is down; whether it was not. For what a crash has left undone, and for
    whatever else has brought it back."""
    kind, thing = named_thing(row)
    if kind is None or thing is None:
        return False
    was_shown = kind.is_shown(thing)
    if was_shown:
        log.error("%s is taken down and was public all the same; it is taken away again.", row.path)
        with transaction.atomic():
            together.beside_others()
            kind, thing = named_thing(row)
            if kind is not None and thing is not None:
                _take_away(kind, thing, None)
    if kind is None or thing is None:
        return was_shown
    kind.keep_away(thing)
    return was_shown


def lift(row: Takedown, *, by: Any = None, name: str = "") -> None:
    """End a takedown. A story or brief stays a draft until somebody publishes it; a picture is
    shown again. Raises ``OSError`` when the list cannot be written."""
    if row.lifted_at:
        return
    name = name or (by.get_username() if by else "")
    takedowns.lift(Path(settings.DATA), row.key, name)
    note_lifted(row, takedowns.Lifted(datetime.datetime.now(datetime.UTC).timestamp(), name), by)


@transaction.atomic
def note_lifted(row: Takedown, lifted: takedowns.Lifted, by: Any = None) -> None:
    """Do in the database what the list says."""
    together.beside_others()
    row.lifted_at, row.lifted_by_name = moment(lifted.at), lifted.by[:150]
    row.save(update_fields=["lifted_at", "lifted_by_name"])
    kind, thing = named_thing(row)
    if kind and thing is not None and in_force(kind, thing) is None:
        kind.give_back(thing)
        for part in kinds.parts_of(kind):
            part.give_back(thing)
        write_log(instance=thing, action=LIFTED, user=by, data={"key": row.key})


def moment(epoch: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(epoch, datetime.UTC)
