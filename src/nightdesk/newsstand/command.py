"""``nightdesk newsstand``: the readers' server by itself."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nightdesk.kernel.processes import ask_for_short_turns, die_with, name_process
from nightdesk.newsstand import log
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.port import CannotOpenError
from nightdesk.settings.table import SettingError, Settings

if TYPE_CHECKING:
    from nightdesk.newsstand.server import Options


def newsstand_command(arguments: list[str]) -> int:
    """Serve until told to stop; 1 when the port cannot be opened, in one line.

    The command itself is the door; it starts itself once more to serve.
    """
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
    parser.add_argument("--door", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    log.write_to_stderr()
    settings = Settings()
    _check(settings)
    try:
        if given.door is None:
            return _open_door(given, settings, arguments)
        _serve(given, settings)
    except CannotOpenError as problem:
        print(f"nightdesk newsstand: {problem}", file=sys.stderr)
        return 1
    return 0


def _open_door(given: argparse.Namespace, settings: Settings, arguments: list[str]) -> int:
    from nightdesk.newsstand.door import Door, Ports

    name_process("nd-door")
    ports = Ports(
        host=given.host or settings["HOST"],
        main=given.port or settings["PORT"],
        plain=settings.plain_port,
        tls=settings.tls,
        public_host=settings.public_host,
    )
    command = [sys.executable, "-m", "nightdesk.newsstand", *arguments]
    return Door(ports, command).run()


def _serve(given: argparse.Namespace, settings: Settings) -> None:
    from nightdesk.newsstand.server import serve

    name_process("nd-newsstand")
    die_with(given.door.pop("parent"))
    ask_for_short_turns()
    _allow_many_connections()
    asyncio.run(serve(_options(given, settings)))


def _check(settings: Settings) -> None:
    """Raise ``SettingError`` for settings that only the newsstand understands."""
    for part in settings["TRUSTED_PROXIES"]:
        try:
            ipaddress.ip_network(part, strict=False)
        except ValueError as error:
            raise SettingError(
                f"TRUSTED_PROXIES names {part!r}; expected an address or a network "
                "such as 10.0.0.0/8."
            ) from error


def _options(given: argparse.Namespace, settings: Settings) -> Options:
    from nightdesk.newsstand.server import Options

    upstream = given.upstream or settings.data / "site.sock"
    opened = dict(given.door)
    ready = opened.pop("ready")
    ends = opened.pop("ends", "")
    return Options(
        host=given.host or settings["HOST"],
        port=given.port or settings["PORT"],
        upstream=upstream,
        staff_upstream=given.staff_upstream or upstream,
        spool=given.spool,
        trusted_proxies=settings["TRUSTED_PROXIES"],
        name=settings["NIGHTDESK_NAME"],
        languages=settings.languages,
        opened=opened,
        ready=ready,
        tls=settings.tls,
        certificate_ends=ends,
        url=settings.public_url,
        hosts=settings.hosts,
        challenges=settings.acme_folder,
        secret=settings.secret_key,
        data=settings.data,
        cdn=settings.cdn,
        limits=_limits(settings),
    )


def _limits(settings: Settings) -> Limits:
    """No more connections than there are file handles for, some left for everything else; and of
    each three one may be a stream, for its reader fetches by a second one what the stream tells."""
    handles, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    connections = min(Limits().connections, handles * 4 // 5)
    return Limits(
        connections=connections,
        live_readers=min(settings["NIGHTDESK_LIVE_READERS"], connections // 3),
    )


def _allow_many_connections() -> None:
    """Each connection needs a file handle; the usual soft limit of 1,024 is a door for floods."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
