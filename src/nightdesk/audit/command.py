"""`nightdesk audit`, `nightdesk freeze` and `nightdesk thaw`: they work while the newsroom runs,
and freezing also while it does not."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path


def audit_command(arguments: list[str]) -> int:
    """Verify the audit chain, write it out, or look for forged pages."""
    parser = argparse.ArgumentParser(prog="nightdesk audit", description=audit_command.__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("verify", help="walk the whole chain and say whether it is unbroken")
    export = verbs.add_parser("export", help="write every entry as a line of JSON")
    export.add_argument("file", nargs="?", help="a file (default: the terminal)")
    verbs.add_parser("check", help="hold everything that is live to the chain, now")
    accept = verbs.add_parser("accept", help="say that something is right as it is")
    accept.add_argument("thing", help="as the check names it: page:12, or chain")
    accept.add_argument("--reason", required=True, help="kept in the chain")
    given = parser.parse_args(arguments)

    import django

    django.setup()
    from django.db import DatabaseError

    from nightdesk.audit.chain import AuditTrouble
    from nightdesk.press import database_file

    try:
        if given.verb in ("check", "accept"):
            database_file.in_place()
        return {"verify": _verify, "export": _export, "check": _check, "accept": _accept}[
            given.verb
        ](given)
    except AuditTrouble as trouble:
        print(f"nightdesk: the audit chain cannot be read or written: {trouble}.", file=sys.stderr)
    except DatabaseError as error:
        said = " ".join(str(error).split())
        print(f"nightdesk: the database cannot be reached ({said}).", file=sys.stderr)
    return 1


def _verify(_given: argparse.Namespace) -> int:
    from nightdesk.audit import chain

    walk = chain.verify()
    if walk.broken:
        print(f"Broken: {walk.broken}. The {walk.seq} entries before that fit together.")
        return 1
    if not walk.seq:
        print("No entries yet.")
        return 0
    print(f"{walk.seq} entries, unbroken since {walk.since}. The last: {walk.hash}")
    if walk.foreign:
        print(
            f"{walk.foreign} of them were sealed with another secret key: that they follow one "
            "another is sure, that this newsroom wrote them is not."
        )
    return 0


def _export(given: argparse.Namespace) -> int:
    from nightdesk.audit import chain

    out = Path(given.file).open("x", encoding="utf-8") if given.file else sys.stdout  # noqa: SIM115
    try:
        with chain.reading() as book:
            seq = 0
            while book and (entries := book.after(seq, 1000)):
                out.writelines(f"{entry.as_json()}\n" for entry in entries)
                seq = entries[-1].seq
    finally:
        if given.file:
            out.close()
    return 0


def _check(_given: argparse.Namespace) -> int:
    from nightdesk.audit.look import last_round, look_through_everything

    found = look_through_everything()
    for each in found:
        print(f"{each.what:<12} {each.said}")
    looked = last_round()["looked"]
    if found:
        print(f"{looked} things looked at; {len(found)} wrong.")
        return 1
    print(f"{looked} things looked at; all of them are as they were published.")
    return 0


def _accept(given: argparse.Namespace) -> int:
    from nightdesk.audit.look import accept

    try:
        name = accept(given.thing, given.reason, f"{getpass.getuser()} (server)")
    except LookupError:
        print(
            f"nightdesk: nothing that is live is called {given.thing!r}. nightdesk audit check "
            "names what is wrong.",
            file=sys.stderr,
        )
        return 1
    print(f"Accepted as it is now: {name}. The next check holds it to that.")
    return 0


def freeze_command(arguments: list[str]) -> int:
    """Freeze the newsroom: nothing can be changed, everybody is signed out, readers go on."""
    parser = argparse.ArgumentParser(prog="nightdesk freeze", description=freeze_command.__doc__)
    parser.add_argument("--reason", default="", help="shown to staff, kept in the audit chain")
    given = parser.parse_args(arguments)

    import django

    django.setup()
    from django.conf import settings

    from nightdesk.audit.freezing import freeze
    from nightdesk.kernel.frozen import is_frozen

    was = is_frozen(settings.DATA)
    try:
        put_up, lacking = freeze(given.reason, f"{getpass.getuser()} (server)")
    except OSError as error:
        print(
            f"nightdesk: {settings.DATA}: {error.strerror or error}. Not frozen.", file=sys.stderr
        )
        return 1
    print(
        f"{'Frozen already, since' if was else 'Frozen at'} {put_up.since:%Y-%m-%d %H:%M} UTC: "
        "nothing can be changed, nobody can sign in, nothing goes out on schedule. Readers go on "
        "reading. nightdesk thaw ends it."
    )
    if lacking:
        print(f"Not yet: {lacking}.")
    return 0


def thaw_command(arguments: list[str]) -> int:
    """End the freeze. What fell due meanwhile goes out within seconds."""
    argparse.ArgumentParser(prog="nightdesk thaw", description=thaw_command.__doc__).parse_args(
        arguments
    )
    import django

    django.setup()
    from nightdesk.audit.freezing import CannotThawError, thaw

    try:
        put_up = thaw()
    except CannotThawError as error:
        print(
            f"nightdesk: sessions cannot be ended ({error}), so the newsroom stays frozen. Ask "
            "nightdesk doctor about the database.",
            file=sys.stderr,
        )
        return 1
    if put_up is None:
        print("It was not frozen.")
        return 0
    print(
        f"Thawed; it was frozen since {put_up.since:%Y-%m-%d %H:%M} UTC. Everybody signs in anew. "
        "What fell due meanwhile is published now."
    )
    return 0
