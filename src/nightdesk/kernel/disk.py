"""How much room is left on a disk, and from where on what has to stop.

New audio and what is only kept to be quicker stop first, so that there is room for what cannot
wait: a brief is published until next to nothing is left.
"""

from __future__ import annotations

import os
from pathlib import Path

#: Shares of the disk: below the first, caches and new audio stop; below the second, everything.
LITTLE, NOTHING = 0.10, 0.01


def free(place: Path) -> int:
    """Bytes that this account can still write."""
    disk = os.statvfs(place)
    return disk.f_bavail * disk.f_frsize


def share(place: Path) -> float:
    """The same of the whole disk, 0 to 1."""
    disk = os.statvfs(place)
    return disk.f_bavail / disk.f_blocks if disk.f_blocks else 1.0


def scarcest(*places: Path) -> float:
    """The smallest share among the disks that these are on; 1 of what is not there."""
    shares = []
    for place in places:
        try:
            shares.append(share(place))
        except OSError:
            continue
    return min(shares, default=1.0)
