"""``nightdesk takedown``: take something down from the command line, whatever is broken.

The list of takedowns is written first, and that needs neither Django nor a database: the newsstand
answers 410 from then on. What else can be done now is done and said; the rest is done by the press
as soon as it can.
"""

from __future__ import annotations

import argparse
import getpass
import http.client
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from nightdesk.press.printing import lock
from nightdesk.press.purging import recalled
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.format import sqlite3
from nightdesk.press.shelf.read import Shown
from nightdesk.press.shelf.takedowns import Withdrawn
from nightdesk.press.shelf.write import Shelf
from nightdesk.settings.table import Settings
from nightdesk.takedown import on_shelf

#: Seconds that the newsstand, the press and the CDN get before we say that they have not answered.
NEWSSTAND, PRESS, CDN = 3.0, 10.0, 15.0
_BEYOND_RECALL = (
    "What nobody can recall: copies in browsers (a picture may stay for a year), search engines,\n"
    "the Internet Archive, feeds already fetched, mails already sent.\n"
    "docs/operate/takedown.md says whom to ask."
)


def takedown_command(arguments: list[str]) -> int:
    """Take a story, brief, coverage, update or picture down, also while the database or Django is down; or lift that.

    Exit code 0: done and seen to be done; 1: something is still to be done, and it says what.
    """
    parser = argparse.ArgumentParser(
        prog="nightdesk takedown", description=takedown_command.__doc__
    )
    parser.add_argument("url", nargs="?", metavar="URL", help="its address, or the path of it")
    parser.add_argument("--reason", default="", help="why; only the newsroom sees it")
    parser.add_argument("--say", default="", help="a sentence for readers")
    parser.add_argument("--by", default="", help="who wants it; without it this account's name")
    parser.add_argument("--lift", action="store_true", help="end the takedown; it stays a draft")
    parser.add_argument("--list", action="store_true", help="what is down now")
    given = parser.parse_args(arguments)
    settings = Settings()
    by = given.by or f"{_account()} (command line)"
    try:
        if given.list:
            return _list(settings)
        if not given.url:
            parser.error("name an address, or ask for --list")
        path = _path(given.url, settings)
        if given.lift:
            return _lift(settings, path, by)
        if not given.reason.strip():
            parser.error("--reason is needed: one day somebody asks why")
        return _take_down(settings, path, given.reason.strip(), given.say.strip(), by)
    except _WrongAddressError as wrong:
        print(f"nightdesk takedown: {wrong}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"nightdesk takedown: nothing was done: {error}. The list of takedowns is "
            f"{settings.data / takedowns.NAME}; free some space, or run this as the account that "
            "runs Nightdesk.",
            file=sys.stderr,
        )
        return 1


class _WrongAddressError(ValueError):
    pass


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _path(address: str, settings: Settings) -> str:
    """``https://news.example/city/a-story/`` or its path → the path as readers' requests have it."""
    parts = urlsplit(address)
    if parts.netloc and parts.hostname not in settings.hosts:
        raise _WrongAddressError(
            f"{parts.netloc} is not this newsroom, which is {settings.public_url}. Give an address "
            "of this one, or name the other's folder with --data."
        )
    path = unquote(parts.path)
    if not path.startswith("/"):
        path = f"/{path}"
    if path.strip("/") == "" or path.startswith(("/admin/", "/staff/", "/assets/", "/static/")):
        raise _WrongAddressError(f"{path} is no story, brief, coverage, update or picture.")
    return path


def _take_down(settings: Settings, path: str, reason: str, say: str, by: str) -> int:
    data = settings.data
    standing = takedowns.read(data).at(path)
    if standing:
        one = standing[0]
        print(f"{path} is down already, since {_clock(one.at)} by {one.by}.")
    else:
        known = on_shelf.look_up(data, path)
        if known.refused:
            raise _WrongAddressError(known.refused)
        one = Withdrawn(
            id=takedowns.new_id(), path=known.path, reason=reason, say=say, by=by, **known.described
        )
        one = takedowns.take_down(data, one)
        print(f"{one.path} is taken down.", flush=True)
    report = _Report()
    report.line(*_newsstand(settings, one))
    report.line(*_lists(data, one))
    report.line(*_database(data, one.id))
    report.line(*_cdn(settings, one))
    print(f"\n{_BEYOND_RECALL}")
    return report.code


def _lift(settings: Settings, path: str, by: str) -> int:
    standing = takedowns.read(settings.data).at(path)
    if not standing:
        print(f"{path} is not taken down. nightdesk takedown --list shows what is.")
        return 1
    for one in standing:
        takedowns.lift(settings.data, one.id, by)
    print(f"The takedown of {path} is lifted. It stays a draft until somebody publishes it.")
    report = _Report()
    report.line(*_database(settings.data, standing[0].id, lifted=True))
    return report.code


def _list(settings: Settings) -> int:
    down = takedowns.read(settings.data).down.values()
    for one in sorted(down, key=lambda one: one.at):
        print(f"{_clock(one.at)}  {one.path}  by {one.by}: {one.reason}")
    if not down:
        print("Nothing is taken down.")
    return 0


class _Report:
    def __init__(self) -> None:
        self.code = 0

    def line(self, done: bool, text: str) -> None:
        self.code |= not done
        print(f"  {'done' if done else 'NOT YET'}: {text}", flush=True)


def _newsstand(settings: Settings, one: Withdrawn) -> tuple[bool, str]:
    """Ask our own newsstand, as a reader would."""
    said: list[int | str] = [""]

    def is_gone() -> bool:
        said[0] = _status(settings, one.path)
        return said[0] == 410

    if _soon(is_gone, NEWSSTAND):
        return True, f"the newsstand answers 410 at {_now()}"
    if isinstance(said[0], str):
        return False, (
            f"the newsstand on this machine cannot be asked ({said[0]}). It answers 410 from its "
            "first moment when it starts"
        )
    return False, f"the newsstand answers {said[0]}; restart it (nightdesk doctor)"


def _status(settings: Settings, path: str) -> int | str:
    door = settings.door
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(door.host, door.host)
    name = urlsplit(settings.public_url).netloc
    try:
        if door.tls:
            import ssl

            trusting = ssl._create_unverified_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, door.port, timeout=5, context=trusting
            )
        else:
            connection = http.client.HTTPConnection(host, door.port, timeout=5)
        try:
            connection.request("GET", quote(path), headers={"Host": name})
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _lists(data: Path, one: Withdrawn) -> tuple[bool, str]:
    """Only the press writes the shelf. When none is at work, we are the press for a moment."""
    if _soon(lambda: _is_withheld(data, one) or not lock.is_held(data), PRESS):
        if _is_withheld(data, one):
            return True, "no stored page, list, feed or sitemap shows it"
        return _withhold(data, one)
    return False, (
        "lists may still name it: the press is at work and does not answer. Restart Nightdesk; "
        "nightdesk press status says more"
    )


def _is_withheld(data: Path, one: Withdrawn) -> bool:
    try:
        shown = Shown(data)
    except FileNotFoundError:
        return True
    except (ValueError, sqlite3.Error):
        return False
    try:
        return one.id in shown.meta("withheld", "[]")
    except sqlite3.Error:
        return False
    finally:
        shown.close()


def _withhold(data: Path, one: Withdrawn) -> tuple[bool, str]:
    import threading

    given_up = threading.Event()
    timer = threading.Timer(PRESS, given_up.set)
    timer.start()
    held = lock.wait_for_turn(data, given_up)
    timer.cancel()
    if held is None:
        return False, "lists may still name it: another press has just started; ask again"
    try:
        shelf = Shelf.open(data)
        try:
            on_shelf.withhold(shelf, one)
        finally:
            shelf.close()
    except (sqlite3.Error, OSError) as error:
        return False, f"lists may still name it: the shelf cannot be written ({error})"
    finally:
        held.close()
    return True, "the press is not running; every stored page that shows it was taken away"


def _database(data: Path, id_: str, *, lifted: bool = False) -> tuple[bool, str]:
    """Unpublish it in the database, when there is one."""
    what = "the database knows that it is lifted" if lifted else "it is unpublished in the database"
    logging.disable(logging.CRITICAL)
    try:
        import django

        django.setup()
        from nightdesk.press import database_file
        from nightdesk.takedown import settling
        from nightdesk.takedown.models import Takedown

        database_file.in_place()
        settling.settle(data)
        row = Takedown.objects.get(key=id_)
    except Exception as error:  # whatever is broken, it must not hide what was done
        said = " ".join(str(error).split()) or type(error).__name__
        return False, (
            f"the database cannot be asked ({said}). The press does it before it prints anything, "
            "as soon as the database is back"
        )
    if not row.thing and not lifted:
        return True, "nothing in the database has this address; the address stays closed"
    return True, what


def _cdn(settings: Settings, one: Withdrawn) -> tuple[bool, str]:
    if not settings["NIGHTDESK_CDN"]:
        return True, (
            "no CDN is told of changes (NIGHTDESK_CDN); one that stands before this site asks "
            "again within 10 s for pages, within a minute for pictures"
        )
    found: list[recalled.State | None] = [None]

    def is_gone() -> bool:
        found[0] = recalled.state(settings.data, one.id)
        return bool(found[0] and found[0].gone)

    if _soon(is_gone, CDN if lock.is_held(settings.data) else 0.0):
        assert found[0] is not None and found[0].gone
        return True, f"gone at the CDN at {_clock(found[0].gone)}"
    said = found[0].trouble if found[0] else "the press, which tells it, does not answer"
    return False, f"not gone at the CDN: {said}. Purge it in the CDN's own console"


def _soon(what: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _now() -> str:
    return _clock(time.time())


def _clock(epoch: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(epoch))
