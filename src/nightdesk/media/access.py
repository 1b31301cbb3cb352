"""Who may fetch a picture's file: anyone once something published shows it, staff before.

Originals and masters are never handed to readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nightdesk.media.models import Picture, PictureRendition

#: Questions that upper rooms answer: does anything public show this picture?
_witnesses: list[Callable[[Picture], bool]] = []


def register_witness(shows: Callable[[Picture], bool]) -> None:
    """Add a question asked before a picture is handed to a reader."""
    if shows not in _witnesses:
        _witnesses.append(shows)


#: Folders of the storage that upper rooms fill: their name → may this reader fetch that file?
_folders: dict[str, Callable[[str], bool]] = {}


#: Names there that nobody can guess: who asks for one had it once.
_unguessable: dict[str, re.Pattern[str]] = {}


def register_folder(
    name: str, is_public: Callable[[str], bool], unguessable: re.Pattern[str] | None = None
) -> None:
    """Files in ``media/<name>/`` go to readers when ``is_public(name of the file)``; staff get
    them always. Of names that match ``unguessable`` it is said that they are gone (410)."""
    _folders[name] = is_public
    if unguessable:
        _unguessable[name] = unguessable


def had_it_once(name: str) -> bool:
    folder, _, file = name.partition("/")
    return bool(folder in _unguessable and _unguessable[folder].fullmatch(file))


def is_public(picture: Picture) -> bool:
    return any(shows(picture) for shows in _witnesses)


def may_see(name: str, user: object | None) -> bool:
    """Whether ``user`` (None: any reader) may fetch this stored file."""
    folder, _, file = name.partition("/")
    staff = bool(user and user.is_authenticated)
    if folder == "pictures":
        token = file.partition("-")[0]
        picture = Picture.objects.filter(token=token).first()
        if picture is None or name not in picture.files():
            return False
        return is_public(picture) or staff
    if folder in _folders:
        return staff or _folders[folder](name)
    if folder == "masters":
        return staff and Picture.objects.filter(file=name).exists()
    if folder == "thumbnails":
        return staff and PictureRendition.objects.filter(file=name).exists()
    return False
