"""What rooms above add to a newsletter's page, below its form: each registers its part in
``AppConfig.ready()`` and gives safe HTML for a newsletter, maybe empty."""

from __future__ import annotations

from collections.abc import Callable

from nightdesk.newsletters.models import Newsletter

Part = Callable[[Newsletter], str]

_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    if _parts.get(name, part) is not part:
        raise ValueError(f"The part {name!r} of a newsletter's page is registered twice.")
    _parts[name] = part


def of(newsletter: Newsletter) -> list[str]:
    return [part(newsletter) for part in _parts.values()]
