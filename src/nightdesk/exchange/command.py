"""`nightdesk import`: one line a story, whatever the source is."""

import argparse
import sys
import zoneinfo

_USAGE = """\
Bring stories in: saved pages (HTML, or text copied from a browser), their addresses, or archives of
one JSON object a line (.jsonl, .jsonl.gz)."""


def import_command(argv: list[str]) -> int:
    """Import every source that is named; 0 when all of them could be read, else 1."""
    options = _parser().parse_args(argv)
    import django

    django.setup()
    from django.db import Error

    from .importing import NoNewsroom, import_sources

    try:
        return (
            0 if import_sources(options.sources, tz=options.tz or "", as_draft=options.draft) else 1
        )
    except (NoNewsroom, Error) as problem:
        print(f"nightdesk import: {' '.join(str(problem).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nStopped. What was reported is imported; run it again for the rest.", file=sys.stderr
        )
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nightdesk import", description=_USAGE)
    parser.add_argument("sources", nargs="+", metavar="PATH_OR_URL")
    parser.add_argument("--draft", action="store_true", help="publish nothing; leave drafts")
    parser.add_argument(
        "--tz",
        type=_zone,
        default=None,
        metavar="ZONE",
        help="the zone of times that name none, such as Europe/Kyiv (else the newsroom's)",
    )
    parser.add_argument("--data", metavar="DIR", help="the newsroom's data folder")
    return parser


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f'there is no time zone "{name}"; write one like Europe/Kyiv'
        ) from None
    return name
