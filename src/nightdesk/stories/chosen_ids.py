"""What a chooser in a body sends as an id, and is none, means that nothing was chosen.

Wagtail's block asks the database for whatever the form says: letters, or a number of five thousand
digits, are its 500, and the words of the form are lost. Its class is the one place for the blocks
of every body; a subclass of ours would change what migrations say of each.
"""

from __future__ import annotations

from typing import Any

from wagtail.blocks import ChooserBlock

from nightdesk.kernel.ids import asked_id

_wagtails = ChooserBlock.value_from_form


def know_an_id() -> None:
    """Called once by ``StoriesConfig.ready()``."""
    ChooserBlock.value_from_form = _chosen


def _chosen(block: Any, value: Any) -> Any:
    if value is None or isinstance(value, block.model_class):
        return value
    number = asked_id(str(value))
    return None if number is None else _wagtails(block, number)
