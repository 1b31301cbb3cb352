"""The `nightdesk` command: finds the room that does the work and hands it the arguments."""

from __future__ import annotations

import importlib
import os
import sys

#: command → (module, function taking the remaining arguments, one line for `nightdesk --help`)
COMMANDS = {
    "run": ("nightdesk.run.command", "run_command", "Open the newsroom: all of it, one command."),
    "newsstand": ("nightdesk.newsstand.command", "newsstand_command", "Only the readers' server."),
    "site": ("nightdesk.run.command", "site_command", "Only the admin and dynamic pages."),
    "press": ("nightdesk.press.command", "press_command", "Only the press; how its work stands."),
    "worker": ("nightdesk.run.command", "worker_command", "Only the worker for slow jobs."),
    "takedown": (
        "nightdesk.takedown.command",
        "takedown_command",
        "Take something down at once, or lift that.",
    ),
    "protect": (
        "nightdesk.people.protecting.command",
        "protect_command",
        "Let a desk sign for an author, everywhere.",
    ),
    "mail": ("nightdesk.mail.command", "mail_command", "Does mail leave, and is it believed?"),
    "import": ("nightdesk.exchange.command", "import_command", "Bring stories in."),
    "subscribers": (
        "nightdesk.newsletters.tables.command",
        "subscribers_command",
        "Bring newsletters' subscribers in or take them out.",
    ),
    "narration": (
        "nightdesk.narration.listening.command",
        "narration_command",
        "Have what was read aloud heard by a recogniser.",
    ),
    "user": ("nightdesk.run.users", "user_command", "Add an account or reset its password."),
    "doctor": ("nightdesk.run.doctor", "doctor_command", "Check this newsroom and say what to do."),
    "audit": ("nightdesk.audit.command", "audit_command", "Who did what; is anything forged?"),
    "freeze": ("nightdesk.audit.command", "freeze_command", "Let nothing be changed any more."),
    "thaw": ("nightdesk.audit.command", "thaw_command", "End the freeze."),
    "demo": ("nightdesk.demo.command", "demo_command", "Fill in or remove the demo newsroom."),
    "bench": (
        "nightdesk.bench.command",
        "bench_command",
        "Measure, beside what it is compared with.",
    ),
    "django": ("nightdesk.run.command", "django_command", "Any Django management command."),
}


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {line}" for name, (_m, _f, line) in COMMANDS.items()]
    return "\n".join(
        [
            "usage: nightdesk COMMAND [options]",
            "",
            *lines,
            "",
            "Every command takes --data DIR; without it NIGHTDESK_DATA, then DATA, then ./data.",
            "nightdesk COMMAND --help says more.",
        ]
    )


def take_data_option(arguments: list[str]) -> list[str]:
    """Move ``--data DIR`` into the environment, where the settings table reads it."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--data":
            os.environ["NIGHTDESK_DATA"] = next(words, "")
        elif word.startswith("--data="):
            os.environ["NIGHTDESK_DATA"] = word.removeprefix("--data=")
        else:
            rest.append(word)
    return rest


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code. A wrong setting is one line, exit code 2."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if words else 2
    if words[0] in {"-V", "--version", "version"}:
        from nightdesk import __version__

        print(f"nightdesk {__version__}")
        return 0
    name, rest = words[0], take_data_option(words[1:])
    if name not in COMMANDS:
        print(f"nightdesk: there is no command {name!r}; see nightdesk --help", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nightdesk.settings.site")
    from nightdesk.settings.table import SettingError

    try:
        module, function, _line = COMMANDS[name]
        return int(getattr(importlib.import_module(module), function)(rest) or 0)
    except SettingError as error:
        print(f"nightdesk: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
