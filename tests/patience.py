"""How long a test waits for what is promised within a second or two.

In ``make test`` two processes of tests, what they have started and a browser want the same two cores,
and a second of the clock may be a tenth of one for the program that is looked at. There a promise's own
number would be a bound on the machine. What is held to is that it comes, and in its turn: not with the
next look that somebody makes every minute, not after whatever it must not wait for. With
``NIGHTDESK_FAULTS=full`` nothing else is at work, and the number is the promise's.
"""

from __future__ import annotations

import os

FULL = os.environ.get("NIGHTDESK_FAULTS") == "full"


def within(seconds: float) -> float:
    return seconds if FULL else max(10 * seconds, 5.0)
