"""Nothing that was taken down is published again, by whatever way: an editor, the clock, an import,
a workflow, a script. What writes SQL of its own is set right by the press within a minute."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from nightdesk.press.withdrawals import WithdrawnError
from nightdesk.takedown import kinds
from nightdesk.takedown.models import Takedown


def listen() -> None:
    pre_save.connect(refuse, dispatch_uid="takedown.guard")


def refuse(
    sender: type[Model],
    instance: Any,
    raw: bool = False,
    update_fields: Any = None,
    **_more: object,
) -> None:
    """Signal handler: raises ``WithdrawnError`` instead of letting it be saved as public."""
    kind = kinds.of_model(sender)
    if kind is None or raw or not kind.is_shown(instance):
        return
    if update_fields is not None and "live" not in update_fields:
        return
    standing = list(Takedown.in_force())
    if not standing:
        return
    path = kind.path(instance)
    for row in standing:
        same = row.kind == kind.name and row.thing == str(instance.pk)
        if same or (path and path in row.paths):
            raise WithdrawnError(in_words(row))


def in_words(row: Takedown) -> str:
    return _(
        "“%(title)s” has been taken down and cannot be published. Whoever may take down can lift "
        "the takedown first (“Taken down” in the menu)."
    ) % {"title": row}
