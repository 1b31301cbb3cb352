"""The darkroom: from an uploaded byte stream to clean, finished picture files.

It knows no Django and no database. ``develop`` starts a fresh, limited child process for each
picture, because what decodes a stranger's file must be able to crash, hang or run out of memory
without a reader or an editor noticing. What comes out carries pixels and nothing else.
"""

from nightdesk.media.darkroom.develop import Developed, Made, develop
from nightdesk.media.darkroom.palette import PALETTE
from nightdesk.media.darkroom.refusals import DarkroomBroken, DarkroomFull, PictureRefused

__all__ = [
    "PALETTE",
    "DarkroomBroken",
    "DarkroomFull",
    "Developed",
    "Made",
    "PictureRefused",
    "develop",
]
