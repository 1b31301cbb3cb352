"""`nightdesk doctor`: look at everything a newsroom stands on, say what is wrong and what to do."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from nightdesk.kernel.finding import Finding, ok, problem
from nightdesk.run import checks, site_checks
from nightdesk.settings.table import SettingError, Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything in order; what needs the database only when the database is whole."""
    data = settings.data
    yield ok("settings", f"{len(settings.given)} given, the others are as delivered")
    if not data.is_dir():
        yield problem(
            "data folder",
            f"{data} does not exist",
            "start Nightdesk once (nightdesk run), or name the right folder with --data",
        )
        return
    for look in (checks.folder_rights, checks.secrets, checks.disk, checks.writable):
        yield from look(data)
    database = list(checks.sqlite(settings))
    yield from database
    yield from checks.processes(data)
    yield from checks.certificate(settings)
    if all(found.level == "ok" for found in database):
        yield from _guarded("site", site_checks.all_of_them)


def doctor_command(arguments: list[str]) -> int:
    """Check this newsroom. Exit code 1 when something is a problem."""
    parser = argparse.ArgumentParser(prog="nightdesk doctor", description=doctor_command.__doc__)
    parser.parse_args(arguments)
    try:
        settings = Settings()
    except SettingError as error:
        print(problem("settings", str(error).rstrip("."), "correct it and ask the doctor again"))
        return 1
    worst = 0
    for finding in examine(settings):
        print(finding, flush=True)
        worst |= finding.level == "problem"
    return int(worst)


def _guarded(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A doctor does not faint: whatever fails while looking is itself a finding."""
    try:
        yield from look()
    except Exception as error:
        text = " ".join(str(error).split()) or type(error).__name__
        yield problem(what, f"it could not be looked at: {text}", "the lines above may say why")
