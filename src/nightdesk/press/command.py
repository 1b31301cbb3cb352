"""``nightdesk press``: print and keep the clock; look at its work; have pages printed anew."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from urllib.parse import unquote, urlsplit


def press_command(arguments: list[str]) -> int:
    """Without a verb: only the press and its clock, until told to stop."""
    given = _parser().parse_args(arguments)
    import django

    django.setup()
    from django.db import DatabaseError

    try:
        return {None: _run, "status": _status, "print": _print, "again": _again}[given.verb](given)
    except DatabaseError as error:
        said = " ".join(str(error).split())
        print(
            f"nightdesk: the database does not answer ({said}). Ask nightdesk doctor why.",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nightdesk press", description=press_command.__doc__)
    verbs = parser.add_subparsers(dest="verb")
    status = verbs.add_parser("status", help="what is printed, what waits, what cannot be printed")
    status.add_argument("--json", action="store_true", help="for programs")
    one = verbs.add_parser("print", help="print these pages anew, before everything else")
    one.add_argument("addresses", nargs="+", metavar="URL", help="an address or a path")
    verbs.add_parser("again", help="print everything anew; readers keep the old pages until then")
    return parser


def _run(_given: argparse.Namespace) -> int:
    from nightdesk.press.printing import service

    signal.signal(signal.SIGINT, signal.default_int_handler)
    service.run()
    return 0


def _status(given: argparse.Namespace) -> int:
    from nightdesk.press.standing import standing_now

    found = standing_now()
    if given.json:
        print(json.dumps(found.as_data(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(found.as_text()))
    return 0 if found.is_well else 1


def _print(given: argparse.Namespace) -> int:
    from nightdesk.press import outbox

    paths = [_path(address) for address in given.addresses]
    outbox.note(urgent=paths)
    print(f"The press prints {', '.join(paths)} next; nightdesk press status tells when it has.")
    return 0


def _again(_given: argparse.Namespace) -> int:
    from nightdesk.press import outbox
    from nightdesk.press.printing.loop import EVERYTHING

    outbox.note(keys=[EVERYTHING])
    print("The press prints everything anew; readers keep the old pages until then.")
    return 0


def _path(address: str) -> str:
    """``https://news.example/city/a-story/`` or its path → the path on the shelf."""
    path = unquote(urlsplit(address).path) or "/"
    return path if path.startswith("/") else f"/{path}"
