"""``nightdesk subscribers``: bring subscribers in from a table, take them out as one."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def subscribers_command(arguments: list[str]) -> int:
    """Bring subscribers in from a table (CSV), or take them out as one, proof included.

    Exit code 0: done; 1: done, but for the rows that are named; 2: no such file or newsletter.
    """
    parser = argparse.ArgumentParser(
        prog="nightdesk subscribers", description=subscribers_command.__doc__
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    bring = verbs.add_parser(
        "import", help="bring in a table of ours, of Mailchimp, Ghost, listmonk"
    )
    bring.add_argument("file", metavar="FILE.csv")
    bring.add_argument("--newsletter", metavar="SLUG", help="for rows that name none")
    bring.add_argument(
        "--language", default="", metavar="CODE", help="the newsletter's, if several"
    )
    bring.add_argument(
        "--proof",
        default="",
        metavar="SENTENCE",
        help="where and how those who are confirmed in it agreed; without it they wait for a click",
    )
    bring.add_argument("--ask", action="store_true", help="mail those who wait, to confirm")
    bring.add_argument("--dry-run", action="store_true", help="only say what would become of it")
    take = verbs.add_parser("export", help="write a table with the state and proof of each")
    take.add_argument("file", metavar="FILE", help="a new file, or - for the terminal")
    take.add_argument("--newsletter", metavar="SLUG")
    take.add_argument("--language", default="", metavar="CODE", help="the newsletter's, if several")
    given = parser.parse_args(arguments)
    import django

    django.setup()
    from nightdesk.newsletters.tables.bringing import NoTableError
    from nightdesk.newsletters.tables.columns import BadRowError

    try:
        return _bring(given) if given.verb == "import" else _take(given)
    except OSError as error:
        print(f"nightdesk subscribers: {given.file}: {error.strerror}.", file=sys.stderr)
    except NoTableError as error:
        print(f"nightdesk subscribers: {error}", file=sys.stderr)
    except BadRowError as error:
        said = str(error)
        print(f"nightdesk subscribers: {said[:1].upper()}{said[1:]}.", file=sys.stderr)
    return 2


def _bring(given: argparse.Namespace) -> int:
    from nightdesk.newsletters.models import Newsletter
    from nightdesk.newsletters.said import read
    from nightdesk.newsletters.tables import bringing, telling
    from nightdesk.newsletters.tables.reading import lines_of

    newsletter = bringing.named(given.newsletter, given.language) if given.newsletter else None
    order = bringing.Order(
        newsletter,
        proof=given.proof.strip(),
        ask=given.ask,
        place=Path(given.file).name,
        is_trial=given.dry_run,
    )
    with Path(given.file).open("rb") as file, lines_of(file) as lines:
        report = bringing.bring_in(lines, order)
    if given.dry_run:
        print("Only tried; nothing was changed:")
    for count, words in telling.told(report):
        print(f"{count:>9} {words}")
    for line, why in report.bad:
        print(f"line {line}: {read(why)}")
    if report.left:
        print(f"Not kept, because it is not needed: {', '.join(report.left)}.")
    if not given.dry_run:
        concerned = Newsletter.objects.filter(pk__in=report.newsletters)
        counts = {"file": order.place, "proof": order.proof, **report.counts}
        telling.note(telling.BROUGHT_IN, concerned, by=_who(), **counts)
    return 1 if report.bad else 0


def _take(given: argparse.Namespace) -> int:
    from nightdesk.newsletters.models import Newsletter
    from nightdesk.newsletters.tables import bringing, export, telling

    newsletter = bringing.named(given.newsletter, given.language) if given.newsletter else None
    telling.note(
        telling.TAKEN_OUT, [newsletter] if newsletter else Newsletter.objects.all(), by=_who()
    )
    with _written(given.file) as out:
        out.writelines(export.lines(newsletter))
    return 0


@contextmanager
def _written(file: str) -> Iterator[IO[str]]:
    """A new file that only its owner can read, or the terminal."""
    if file == "-":
        yield sys.stdout
        return
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8", newline="") as out:
        yield out


def _who() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return f"user {os.getuid()} (command line)"
