"""``nightdesk newsstand``: the readers' server by itself."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import resource
import sys
from pathlib import Path

from nightdesk.kernel.processes import name_process
from nightdesk.newsstand import log
from nightdesk.newsstand.port import CannotOpenError
from nightdesk.newsstand.server import Options, serve
from nightdesk.settings.table import SettingError, Settings


def newsstand_command(arguments: list[str]) -> int:
    """Serve until told to stop; 1 when the port cannot be opened, in one line."""
    parser = argparse.ArgumentParser(
        prog="nightdesk newsstand", description="Serve readers; the site runs elsewhere."
    )
    parser.add_argument("--host", help="address to listen on (setting HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (setting PORT)")
    parser.add_argument("--upstream", type=Path, help="the site's socket (DATA/site.sock)")
    parser.add_argument(
        "--staff-upstream", type=Path, help="the site's socket for the newsroom (as --upstream)"
    )
    parser.add_argument("--spool", type=Path, help="folder for large uploads under way")
    given = parser.parse_args(arguments)
    log.write_to_stderr()
    try:
        options = _options(given, Settings())
        name_process("nd-newsstand")
        _allow_many_connections()
        asyncio.run(serve(options))
    except CannotOpenError as problem:
        print(f"nightdesk newsstand: {problem}", file=sys.stderr)
        return 1
    return 0


def _options(given: argparse.Namespace, settings: Settings) -> Options:
    upstream = given.upstream or settings.data / "site.sock"
    for part in settings["TRUSTED_PROXIES"]:
        try:
            ipaddress.ip_network(part, strict=False)
        except ValueError as error:
            raise SettingError(
                f"TRUSTED_PROXIES names {part!r}; expected an address or a network "
                "such as 10.0.0.0/8."
            ) from error
    return Options(
        host=given.host or settings["HOST"],
        port=given.port or settings["PORT"],
        upstream=upstream,
        staff_upstream=given.staff_upstream or upstream,
        spool=given.spool,
        trusted_proxies=settings["TRUSTED_PROXIES"],
        name=settings["NIGHTDESK_NAME"],
        languages=settings.languages,
    )


def _allow_many_connections() -> None:
    """Each connection needs a file handle; the usual soft limit of 1,024 is a door for floods."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
