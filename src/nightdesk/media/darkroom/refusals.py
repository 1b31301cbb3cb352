"""Why a picture is not taken, in the words an editor reads.

Every sentence says what happened, what it means and what to do. ``PictureRefused`` is about the
file, ``DarkroomFull`` about the machine's disk, ``DarkroomBroken`` about the installation.
"""

from __future__ import annotations

import math

TAKEN = "Nightdesk takes JPEG, PNG, WebP, AVIF and HEIC."

EMPTY = (
    "This file is empty: nothing of the picture arrived. Check it on your device and upload it "
    "again."
)
NOT_A_PICTURE = f"This file is not a picture that Nightdesk can read. {TAKEN}"
CUT_OFF = (
    "This picture is cut off: only its first part arrived or was saved. Upload the complete file."
)
DAMAGED = (
    "This picture is damaged or incomplete and cannot be read. Export it again from the program "
    "it comes from, best as JPEG, and upload that."
)
BOMB = (
    "This file unpacks to far more data than a picture needs, as harmful files do, so it was not "
    "opened. Export the picture again, best as JPEG, and upload that."
)
TOO_MUCH_MEMORY = (
    "This picture needs more memory than Nightdesk allows for one picture. Make it smaller, or "
    "export it as JPEG, and upload it again."
)
CRASHED = (
    "This picture could not be read: the program that opens it stopped. The file is probably "
    "damaged. Export it again, best as JPEG, and upload that."
)
FULL = (
    "The disk is full, so the picture could not be saved. Nothing of it was kept. Free some space "
    "and upload it again."
)


class PictureRefused(Exception):
    """This file does not become a picture; ``message`` tells the editor why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DarkroomFull(OSError):
    """The disk has no room for the finished files; ``message`` can be shown to the editor."""

    def __init__(self, code: int) -> None:
        super().__init__(code, FULL)
        self.message = FULL


class DarkroomBroken(RuntimeError):
    """The child process cannot work on any picture: an operator's problem, never the file's."""


def not_this_kind(kind: str, advice: str) -> str:
    """``kind`` with its article ("a PDF"); ``advice`` is a whole sentence."""
    return f"This file is {kind}, not a picture that Nightdesk can read. {advice} {TAKEN}"


def too_many_pixels(pixels: int, limit: int, *, only_for: str = "") -> str:
    """``only_for`` (" for AVIF") follows "the limit" where a format has its own, lower one."""
    return (
        f"This picture has {_millions(pixels)} million pixels; the limit{only_for} is "
        f"{limit // 1_000_000} million. Make it smaller and upload it again."
    )


def progressive_too_large(pixels: int, limit: int) -> str:
    return (
        f"This picture has {_millions(pixels)} million pixels and is saved as a progressive JPEG; "
        f"the limit for those is {limit // 1_000_000} million. Make it smaller, or save it as a "
        "standard (baseline) JPEG, and upload it again."
    )


def too_many_bytes(size: int, limit: int) -> str:
    return (
        f"This file has {_millions(size)} MB; the limit is {limit // 1_000_000} MB. Make it "
        "smaller or save it with a lower quality, and upload it again."
    )


def too_narrow(width: int, height: int, limit: int) -> str:
    return (
        f"This picture is {width} × {height} pixels: one side is more than {limit} times the "
        "other, and pages cannot show that. Crop it and upload it again."
    )


def took_too_long(seconds: float) -> str:
    return (
        f"This picture was given up after {seconds:g} seconds: reading it takes too long. Make it "
        "smaller, or export it as JPEG, and upload it again."
    )


def _millions(count: int) -> int:
    """Rounded up, so that what is just over a limit never reads as equal to it."""
    return math.ceil(count / 1_000_000)
