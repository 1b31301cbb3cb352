"""`nightdesk run`, and its processes one by one for those who run them on several machines."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from pathlib import Path

from nightdesk.kernel.child import Child, fork
from nightdesk.kernel.processes import name_process
from nightdesk.newsstand.port import CannotOpenError, check_port
from nightdesk.run import answers, database, folder
from nightdesk.run.opening import announce
from nightdesk.run.parent import Parent, StoppedWhilePreparingError
from nightdesk.run.trouble import CannotRunError, disk_trouble
from nightdesk.settings import running
from nightdesk.settings.table import Settings


def run_command(arguments: list[str]) -> int:
    """Open the newsroom: everything it needs, under one parent, until told to stop."""
    parser = argparse.ArgumentParser(prog="nightdesk run", description=run_command.__doc__)
    parser.add_argument("--host", help="address readers connect to (setting HOST)")
    parser.add_argument("--port", help="port readers connect to (setting PORT)")
    parser.add_argument("--demo", action="store_true", help="fill a new newsroom with a demo one")
    given = parser.parse_args(arguments)
    for name, value in (("HOST", given.host), ("PORT", given.port)):
        if value:
            os.environ[name] = value
    settings = Settings()
    try:
        return _run(settings, demo=given.demo)
    except StoppedWhilePreparingError:
        return 0
    except (CannotRunError, CannotOpenError) as problem:
        print(f"nightdesk: {problem}", file=sys.stderr)
    except OSError as error:
        print(f"nightdesk: {disk_trouble(error.filename or settings.data, error)}", file=sys.stderr)
    return 1


def _run(settings: Settings, *, demo: bool) -> int:
    data = settings.data
    os.environ["NIGHTDESK_DATA"] = str(data)
    host, port = settings["HOST"], settings["PORT"]
    settings.cdn  # noqa: B018  what it lacks is said before anything starts
    check_port(host, port)
    if settings.plain_port:
        check_port(host, settings.plain_port)
    folder.make(data)
    lock = folder.lock(data)
    # Yesterday's last tick says nothing about today's clock.
    (data / "clock").unlink(missing_ok=True)
    answers.take(data, demo=demo)
    folder.keep_secret_key(data)
    sockets = folder.sockets(data)
    name_process("nightdesk")
    parent = Parent()
    try:
        # First, so that readers are told what is going on, and never wait for Django.
        parent.start(Child("newsstand", "The newsstand", lambda: _newsstand(data, sockets)))
        running.leave(data, settings.own_door)
        owner = _prepare_site(data, demo=demo)
        if owner:
            _print_login(settings.public_url, *owner)
        from nightdesk.jobs import worker
        from nightdesk.press.printing import service
        from nightdesk.run import site

        workers = settings["NIGHTDESK_SITE_WORKERS"]
        parent.start(Child("site", "The site", lambda: site.run(sockets, workers)))
        parent.start(Child("press", "The press", service.run))
        parent.start(Child("worker", "The worker", worker.run))
        tls = settings.tls is not None
        parent.help(fork("opening", lambda: announce(host, port, settings.public_url, tls=tls)))
        return parent.watch()
    finally:
        parent.stop()
        database.settle(data)
        folder.forget_sockets(sockets)
        running.forget(data)
        lock.close()


def _newsstand(data: Path, sockets: tuple[Path, Path]) -> None:
    """A fresh process: what the newsstand does not need is not in its memory."""
    readers, newsroom = map(str, sockets)
    command = [sys.executable, "-m", "nightdesk.newsstand", "--upstream", readers]
    command += ["--staff-upstream", newsroom, "--spool", str(data / "spool")]
    os.execv(sys.executable, command)


def _prepare_site(data: Path, *, demo: bool) -> tuple[str, str] | None:
    """Everything that the forks shall share, loaded once. Returns a login that was made."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from nightdesk.audit.follow import follow_if_possible
    from nightdesk.run.accounts import open_first_account

    database.open_database(data, demo)
    owner = open_first_account(settings.NIGHTDESK["NIGHTDESK_OWNER"])
    follow_if_possible()
    _warm_up()
    connections.close_all()
    gc.collect()
    gc.freeze()
    return owner


def _warm_up() -> None:
    """Load what the first request would load, so that every worker shares it."""
    from django.urls import get_resolver

    from nightdesk.run import wsgi

    get_resolver().url_patterns  # noqa: B018
    wsgi.application  # noqa: B018


def _print_login(url: str, name: str, password: str) -> None:
    print(
        f"\nYour login, shown only this once:\n"
        f"  address   {url}/admin/\n"
        f"  name      {name}\n"
        f"  password  {password}\n"
        f"(nightdesk user reset {name} makes a new password.)\n",
        flush=True,
    )


def site_command(arguments: list[str]) -> int:
    """Only the admin and the dynamic pages, on unix sockets in the data folder."""
    argparse.ArgumentParser(prog="nightdesk site", description=site_command.__doc__).parse_args(
        arguments
    )
    _set_up_alone()
    from django.conf import settings

    from nightdesk.run import site

    site.run(folder.sockets(settings.DATA), settings.NIGHTDESK["NIGHTDESK_SITE_WORKERS"])
    return 0


def worker_command(arguments: list[str]) -> int:
    """Only the worker for slow jobs."""
    argparse.ArgumentParser(prog="nightdesk worker", description=worker_command.__doc__).parse_args(
        arguments
    )
    _set_up_alone()
    from nightdesk.jobs import worker

    worker.run()
    return 0


def django_command(arguments: list[str]) -> int:
    """Any Django management command, with this newsroom's settings."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["nightdesk django", *arguments])
    return 0


def _set_up_alone() -> None:
    import django

    signal.signal(signal.SIGINT, signal.default_int_handler)
    django.setup()
