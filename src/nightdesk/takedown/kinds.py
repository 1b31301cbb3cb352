"""What can be taken down. Each room says so of its own things in ``AppConfig.ready()``.

A room above that adds files to somebody else's thing, as narration does to a story, registers a
`Part` of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise

from nightdesk.kernel.ids import asked_id
from nightdesk.press.learn import changing


class Kind:
    """A kind of thing: ``name`` as it is kept, ``label`` as editors read it, its ``model``.

    Addresses are decoded paths, as people read them.
    """

    name: str
    label: str | Promise
    model: type[Model]

    def find(self, path: str) -> Model | None:
        """What stands, or stood, at an address; one that leads to it counts."""
        raise NotImplementedError

    def get(self, thing: str) -> Model | None:
        return self.model._default_manager.filter(pk=asked_id(thing)).first()

    def path(self, thing: Any) -> str:
        """Its one address."""
        raise NotImplementedError

    def paths(self, thing: Any) -> Iterable[str]:
        """Every address of it, old ones that lead there included."""
        return [self.path(thing)]

    def keys(self, thing: Any) -> Iterable[str]:
        """The keys of whatever shows something of it (`nightdesk.press.keys`)."""
        raise NotImplementedError

    def stems(self, thing: Any) -> Iterable[str]:
        """Beginnings of the names of files that are its alone: ``pictures/<token>``."""
        return ()

    def files(self, thing: Any) -> Iterable[str]:
        """Names of the files that its page shows, for the CDN to let go of."""
        return ()

    def title(self, thing: Any) -> str:
        return str(thing)

    def is_shown(self, thing: Any) -> bool:
        """Whether readers could get it, as far as its row says."""
        return bool(thing.live)

    def take_away(self, thing: Any, by: Any) -> None:
        """Make it private. ``by``: an account or None."""
        thing.unpublish(user=by)

    def take_away_anyhow(self, thing: Any) -> None:
        """When `take_away` fails for a reason of its own: the one column that decides."""
        with changing(thing):
            self.model._base_manager.filter(pk=thing.pk).update(live=False)

    def give_back(self, thing: Any) -> None:
        """The takedown is lifted. What was published stays a draft until somebody publishes it."""

    def keep_away(self, thing: Any) -> None:
        """It is down: finish what a crash has left undone. Called now and then."""

    def edit_url(self, thing: Any) -> str:
        """Where editors change it."""
        raise NotImplementedError

    def others(self, thing: Any) -> list[tuple[str, str]]:
        """(name, address to take it down) of what says the same and is a thing of its own, such as
        a translation."""
        return []

    def take_down_url(self, thing: Any) -> str:
        return reverse("take_down", args=[self.name, thing.pk])


def _nothing(_thing: Any, *_more: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Part:
    """Files that another room makes of a thing of this ``kind`` (its name)."""

    kind: str
    stems: Callable[[Any], Iterable[str]] = _nothing
    take_away: Callable[[Any], object] = _nothing
    give_back: Callable[[Any], object] = _nothing


_kinds: dict[str, Kind] = {}
_parts: list[Part] = []


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def register_part(part: Part) -> None:
    if part not in _parts:
        _parts.append(part)


def every() -> list[Kind]:
    return list(_kinds.values())


def named(name: str) -> Kind | None:
    return _kinds.get(name)


def of_model(model: type[Model]) -> Kind | None:
    return next((kind for kind in _kinds.values() if kind.model is model), None)


def parts_of(kind: Kind) -> list[Part]:
    return [part for part in _parts if part.kind == kind.name]


def find(path: str) -> tuple[Kind, Model] | None:
    """What stands at an address, of whatever kind."""
    for kind in _kinds.values():
        thing = kind.find(path)
        if thing is not None:
            return kind, thing
    return None
