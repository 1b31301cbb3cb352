"""An archive that is imported again must not bring back a name that is protected."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from wagtail.models import Locale

from nightdesk.kernel.spellings import Replacing, Spellings
from nightdesk.people.models import Desk
from nightdesk.people.protecting.names import ProtectedName, desk_of
from nightdesk.press.addresses import absolute

from .found import FoundByline, FoundStory

#: What says where the story comes from, and is no word of it.
_NO_WORDS = frozenset({"source", "identity", "language", "slug", "notes", "doubts"})

_NOTE = "a desk signs for somebody whose name is protected"


def without_protected(found: FoundStory, locale: Locale) -> tuple[FoundStory, list[str]]:
    """The story signed by the desk instead, and the name as the byline had it replaced in its
    words; what to say of that, without the name."""
    if not found.bylines or not ProtectedName.objects.exists():
        return found, []
    keys = {line: key for line in found.bylines if (key := desk_of(line.name))}
    if not keys:
        return found, []
    for line, key in keys.items():
        desk = _desk(key, locale)
        words = desk.name if desk else "…"
        address = absolute(desk.get_absolute_url() if desk else "/")
        replacing = Replacing(Spellings([line.name]), words, address)
        bylines = [
            (FoundByline(desk.name, is_desk=True) if desk else None) if each == line else each
            for each in found.bylines
        ]
        slug = replacing.spellings.slug_without(found.slug, words) if found.slug else ""
        kept = tuple(dict.fromkeys(filter(None, bylines)))
        found = replace(_reworded(found, replacing), bylines=kept, slug=slug)
    return found, [_NOTE]


def _desk(key: Any, locale: Locale) -> Desk | None:
    desks = Desk.objects.filter(translation_key=key).select_related("locale")
    return desks.filter(locale=locale).first() or desks.first()


def _reworded(value: Any, replacing: Replacing) -> Any:
    """The same with other words in every text of it, however deep."""
    if isinstance(value, str):
        return replacing.string(value)
    if isinstance(value, tuple):
        return tuple(_reworded(each, replacing) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {
            each.name: _reworded(getattr(value, each.name), replacing)
            for each in fields(value)
            if each.name not in _NO_WORDS
        }
        return replace(value, **held)
    return value
