"""The list that the newsstand follows, and the rows of the database: each learns what the other
knows. The press asks for it whenever one of them has changed, and prints nothing until it is done.

A takedown that either knows is in force; one that either calls lifted is lifted.
"""

from __future__ import annotations

from pathlib import Path

from nightdesk.press.purging import recalled
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.takedowns import Withdrawn
from nightdesk.takedown import actions
from nightdesk.takedown.models import Takedown


def settle(data: Path) -> bool:
    """Whether the database was changed. Raises ``django.db.Error``, ``OSError``."""
    held = takedowns.read(data)
    rows = {row.key: row for row in Takedown.objects.all()}
    changed = False
    for id_, one in held.down.items():
        row = rows.get(id_)
        if row is None:
            rows[id_] = actions.keep(one)
            changed = True
        elif row.lifted_at:
            takedowns.lift(data, id_, row.lifted_by_name, row.lifted_at.timestamp())
    for row in rows.values():
        if row.lifted_at:
            continue
        if lifted := held.lifted.get(row.key):
            actions.note_lifted(row, lifted)
            changed = True
            continue
        if row.key not in held.down:
            takedowns.take_down(data, _as_listed(row))
        changed |= actions.keep_down(row)
        _note_purge(data, row)
    return changed


def _as_listed(row: Takedown) -> Withdrawn:
    """Made on another machine, or before the list was lost."""
    kind, thing = actions.named_thing(row)
    described = actions.described(kind, thing) if kind and thing is not None else {}
    described |= {
        "paths": tuple(dict.fromkeys([*row.paths, *described.get("paths", ())])),
        "stems": tuple(dict.fromkeys([*row.stems, *described.get("stems", ())])),
    }
    known = {"kind": row.kind, "thing": row.thing, "title": row.title} | described
    return Withdrawn(
        id=row.key,
        path=row.path,
        at=row.at.timestamp(),
        say=row.sentence,
        reason=row.reason,
        by=row.by_name,
        **known,
    )


def _note_purge(data: Path, row: Takedown) -> None:
    """Keep in the database when the CDN was seen to be without it."""
    if row.purged_at:
        return
    found = recalled.state(data, row.key)
    if found and found.gone:
        row.purged_at = actions.moment(found.gone)
        row.save(update_fields=["purged_at"])
