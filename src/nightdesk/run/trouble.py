"""Why the newsroom cannot open, in words."""

from __future__ import annotations

import errno


class CannotRunError(Exception):
    """The message says what happened, what it means and what to do, in one line."""


def disk_trouble(place: object, error: OSError) -> CannotRunError:
    """An error of the file system → what to do about it."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            what = "the disk is full. Free some space and start again; nothing was lost"
        case errno.EACCES | errno.EPERM:
            what = (
                "this account may not write there. Give it the folder (chown) or choose another "
                "with --data"
            )
        case errno.EROFS:
            what = "that disk is read-only. Choose another folder with --data"
        case errno.ENOTDIR | errno.EEXIST:
            what = "there is a file where the folder should be. Choose another folder with --data"
        case _:
            what = error.strerror or str(error)
    return CannotRunError(f"{place} cannot be used: {what}.")
