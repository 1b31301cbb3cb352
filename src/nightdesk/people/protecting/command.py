"""``nightdesk protect``: the same from the command line, after a look at what will be changed."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nightdesk.people.models import Author, Desk
    from nightdesk.people.protecting.actions import Order, Report


def protect_command(arguments: list[str]) -> int:
    """Let a desk sign for an author everywhere, and replace the name wherever readers could read it.

    Exit code 0: done, or nothing was left to do; 1: not done; 2: no such author or desk.
    """
    parser = argparse.ArgumentParser(prog="nightdesk protect", description=protect_command.__doc__)
    parser.add_argument("author", metavar="AUTHOR-SLUG", help="the last part of /authors/…/")
    parser.add_argument("--by", required=True, metavar="DESK-SLUG", help="the desk that signs")
    parser.add_argument(
        "--also", action="append", default=[], metavar="SPELLING", help="another spelling; repeat"
    )
    parser.add_argument("--instead", default="", metavar="WORDS", help="else the desk's name")
    parser.add_argument("--reason", default="", help="why; do not write the name here")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    given = parser.parse_args(arguments)
    import django

    django.setup()
    from nightdesk.people.protecting import actions
    from nightdesk.people.protecting.actions import CannotProtectError, Order

    try:
        author, desk = _named(given.author, given.by)
        if author is None:
            print("This name is protected already; nothing is left to do.")
            return 0
        order = Order(author, desk, given.also, given.instead, given.reason)
        _say(order, actions.look(order))
        if not given.yes and not _agreed():
            print("Nothing was changed.")
            return 1
        report = actions.protect(order, name=f"{_account()} (command line)")
    except CannotProtectError as problem:
        print(f"nightdesk protect: {problem}", file=sys.stderr)
        return 1
    except LookupError as problem:
        print(f"nightdesk protect: {problem.args[0]}", file=sys.stderr)
        return 2
    print(f"Done: {len(report.addresses)} addresses answer 410. The press prints what changed.")
    return 0


def _named(author: str, by: str) -> tuple[Author | None, Desk]:
    """Raises ``LookupError`` with words for whoever typed."""
    from nightdesk.people.models import Author, Desk
    from nightdesk.people.protecting.names import GoneAddress

    author = author.strip("/").rpartition("/")[2]
    found = list(Author.objects.filter(slug=author).select_related("locale").order_by("pk"))
    desk = Desk.objects.filter(slug=by.strip("/").rpartition("/")[2]).order_by("pk").first()
    if desk is None:
        known = ", ".join(Desk.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise LookupError(f"there is no desk {by!r}. The desks are: {known or 'none'}.")
    if not found:
        if GoneAddress.objects.filter(path__endswith=f"/authors/{author}/").exists():
            return None, desk
        raise LookupError(f"there is no author {author!r}; open the author's page to see the name.")
    if len({row.translation_key for row in found}) > 1:
        raise LookupError(
            f"more than one person has the address {author!r}, in different languages: use the "
            "button in the author's form."
        )
    return found[0], desk


def _say(order: Order, report: Report) -> None:
    print(f"“{order.desk.name}” will sign instead of: {'; '.join(order.spellings.names)}")
    for label, count in report.counts.items():
        print(f"  {label}: {count}")
    for address in report.addresses:
        print(f"  410 at {address}")
    for old, new in report.renamed:
        print(f"  410 at {old}, which moves to {new}")
    for place in report.places:
        print(f"  in words, {place.label}, {place.title}: {place.around}")
    if report.more_places:
        print(f"  and {report.more_places} more places in words")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("Nobody can be asked here; add --yes when this is right.")
        return False
    return input("This cannot be taken back. Type yes to do it: ").strip().lower() == "yes"


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
