"""``nightdesk mail receive``: for a mail server that hands over what comes to the newsroom."""

from __future__ import annotations

import argparse
import sys

from nightdesk.mail.command import Verb

#: sysexits.h: the mail server keeps it and tries again.
TRY_AGAIN = 75


def _add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", nargs="?", default="", help="to whom it was brought")


def _receive(given: argparse.Namespace) -> int:
    from django.db import DatabaseError

    from nightdesk.newsletters.events.returned import MOST, receive
    from nightdesk.press import database_file

    raw = sys.stdin.buffer.read(MOST)
    while sys.stdin.buffer.read(MOST):
        pass  # a server whose pipe is closed before all is read returns the mail to its sender
    try:
        database_file.in_place()
        receive(raw, given.address)
    except (DatabaseError, database_file.DatabaseGoneError) as error:
        print(f"nightdesk: not taken in, try again ({type(error).__name__}).", file=sys.stderr)
        return TRY_AGAIN
    return 0


RECEIVE = Verb(
    "receive",
    "take in, from standard input, one mail that came back or asks to be unsubscribed",
    _receive,
    _add,
)
