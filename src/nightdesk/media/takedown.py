"""What taking a picture down means: none of its files is public, and no page shows it.

The files go to a folder of the store that nothing hands out, so that the takedown can be lifted,
and so that an editor can say later what it was. Deleting the picture deletes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.media.models import Picture, withdrawn_name
from nightdesk.press.keys import row_key
from nightdesk.takedown.kinds import Kind

_FILE = re.compile(r"/media/pictures/([a-z0-9]+)-[^/]*")


class Pictures(Kind):
    name = "picture"
    label = _("picture")
    model = Picture

    def find(self, path: str) -> Picture | None:
        found = _FILE.fullmatch(path)
        return Picture.objects.filter(token=found[1]).first() if found else None

    def path(self, thing: Any) -> str:
        """The address of its largest file; a picture has no page of its own."""
        named = [size["name"] for size in thing.made if size["format"] == "jpeg"]
        return f"/media/{named[-1] if named else f'pictures/{thing.token}-none'}"

    def keys(self, thing: Any) -> Iterable[str]:
        return [row_key(Picture, thing.pk)]

    def stems(self, thing: Any) -> Iterable[str]:
        return [f"pictures/{thing.token}"]

    def files(self, thing: Any) -> Iterable[str]:
        return thing.public_names()

    def title(self, thing: Any) -> str:
        return str(thing.title)

    def is_shown(self, thing: Any) -> bool:
        return not thing.taken_down

    def take_away(self, thing: Any, by: Any) -> None:
        thing.taken_down = True
        thing.save(update_fields=["taken_down"])
        transaction.on_commit(lambda: move_away(thing))

    def take_away_anyhow(self, thing: Any) -> None:
        self.take_away(thing, None)

    def keep_away(self, thing: Any) -> None:
        move_away(thing)

    def give_back(self, thing: Any) -> None:
        # First the files, then the pages that show them.
        move_back(thing)
        thing.taken_down = False
        thing.save(update_fields=["taken_down"])

    def edit_url(self, thing: Any) -> str:
        return reverse("wagtailimages:edit", args=[thing.pk])


def move_away(picture: Picture) -> None:
    """Its public files to where nothing hands them out. Safe to run again after a crash."""
    for name in picture.public_names():
        _move(name, withdrawn_name(name))


def move_back(picture: Picture) -> None:
    for name in picture.public_names():
        _move(withdrawn_name(name), name)


def _move(name: str, to: str) -> None:
    if not default_storage.exists(name):
        return
    if not default_storage.exists(to):
        with default_storage.open(name) as file:
            default_storage.save(to, file)
    default_storage.delete(name)
