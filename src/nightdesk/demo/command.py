"""`nightdesk demo`: fill in the invented newsroom, remove it, or remake what it is shipped as."""

from __future__ import annotations

import argparse
import sys


def demo_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="nightdesk demo", description="The invented newsroom that shows what Nightdesk does."
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("load", help="add the demo's stories to this newsroom")
    removing = verbs.add_parser("remove", help="remove what the demo made and nothing else")
    removing.add_argument(
        "--edited", action="store_true", help="also demo stories that somebody here has edited"
    )
    seed = verbs.add_parser("seed", help="for developers: remake the ready-made databases")
    seed.add_argument("--pictures", action="store_true", help="develop the drawings anew as well")
    given = parser.parse_args(arguments)
    return {"load": _load, "remove": _remove, "seed": _seed}[given.verb](given)


def _load(_given: argparse.Namespace) -> int:
    import django

    django.setup()
    from nightdesk.audit.look import note_what_stands
    from nightdesk.demo.load import load
    from nightdesk.fronts.models import HomePage

    if not HomePage.objects.exists():
        print(
            "nightdesk: there is no newsroom in this data folder yet. Open one with "
            "nightdesk run first.",
            file=sys.stderr,
        )
        return 1
    made = load()
    note_what_stands()
    print(f"The demo's {made} stories are in." if made else "The demo is here already.")
    return 0


def _remove(given: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings

    from nightdesk.demo.remove import remove
    from nightdesk.settings.table import forget_answer

    for line in remove(edited=given.edited):
        print(line)
    if forget_answer(settings.DATA, "NIGHTDESK_SECOND_FACTOR"):
        print(
            "From the next start whoever can publish needs a second factor to sign in "
            "(setting NIGHTDESK_SECOND_FACTOR)."
        )
    return 0


def _seed(given: argparse.Namespace) -> int:
    import django

    django.setup()
    from nightdesk.demo.seed import write_seeds

    write_seeds(pictures=given.pictures)
    return 0
