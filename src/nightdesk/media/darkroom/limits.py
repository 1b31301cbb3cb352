"""How much one picture may cost, and the walls around the process that reads it.

The aim is 400 MB of memory for the whole child, whatever arrives. The kernel enforces it
(``RLIMIT_DATA``); the pixel limits are set so that an honest picture below them never meets it.
"""

from __future__ import annotations

import math
import os
import resource

MILLION = 1_000_000

#: Bytes of an upload. Larger files are refused before a child is started.
UPLOAD_BYTES = 60 * MILLION
#: A baseline JPEG is decoded at a half, a quarter or an eighth of its size, so it may be large.
JPEG_PIXELS = 200 * MILLION
#: A progressive JPEG's coefficients (2 bytes each) must all be in memory at once.
JPEG_COEFFICIENT_BYTES = 240 * MILLION
PIXELS = 64 * MILLION
#: Frames that the decoder hands over only as a second full copy.
AVIF_PIXELS = 32 * MILLION
AVIF_ALPHA_PIXELS = 24 * MILLION
#: HEIC beyond 8 bits, 4:2:0 and opaque, which is what phones make: cameras' 10-bit HIF, exports.
RICH_HEIC_PIXELS = 32 * MILLION
ALPHA_HEIC_PIXELS = 24 * MILLION
DEEP_HEIC_PIXELS = 24 * MILLION
DEEP_RICH_HEIC_PIXELS = 12 * MILLION
#: A moving WebP keeps three full canvases.
ANIMATED_WEBP_PIXELS = 16 * MILLION
#: The longer side may be this many times the shorter one.
ASPECT = 20

#: Private writable memory of the child. Its code and libraries (about 25 MB) are on top.
DATA_BYTES = 360 * 1024 * 1024
#: One finished file; the largest seen is below 12 MB.
FILE_BYTES = 64 * MILLION
ENCODER_THREADS = 2
#: Readers come first, but an editor is waiting: 10 would starve an upload on a busy machine.
NICENESS = 5


def confine(time_limit: float) -> None:
    """Put walls around the calling process; it can lower them further but never lift them.

    CPU seconds are twice the wall-clock limit because two threads may count at once: the parent's
    clock comes first, and this one ends a child whose parent died.
    """
    os.nice(NICENESS)
    cpu = math.ceil(time_limit * ENCODER_THREADS) + 1
    for what, amount in (
        (resource.RLIMIT_DATA, DATA_BYTES),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            amount = min(amount, hard)
        resource.setrlimit(what, (amount, amount))
