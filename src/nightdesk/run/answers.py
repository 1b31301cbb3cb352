"""What the first run asks: the newsroom's name, languages, time zone, first section and owner."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nightdesk.settings.table import TABLE, Setting, Settings, answers_file, write_answers

_QUESTIONS = {
    "NIGHTDESK_NAME": "What is the newsroom called?",
    "NIGHTDESK_LANGUAGES": "In which languages does it publish, the main one first?",
    "NIGHTDESK_TIME_ZONE": "In which time zone does it work?",
    "NIGHTDESK_SECTION": "What is its first section?",
    "NIGHTDESK_OWNER": "Who owns it (a login name or an e-mail address)?",
}
_DEMO = {
    "NIGHTDESK_NAME": "The Kestrow Courier",
    "NIGHTDESK_LANGUAGES": "en,uk",
    "NIGHTDESK_SECTION": "City",
    "NIGHTDESK_NOINDEX": "yes",
    # Whoever tries it gets in with the printed login at once; the desk says so.
    "NIGHTDESK_SECOND_FACTOR": "offered",
}
_BY_NAME = {setting.name: setting for setting in TABLE}


def take(data: Path, *, demo: bool, quiet: bool = False) -> None:
    """On the first run, find every answer and keep it in ``newsroom.json``; later do nothing.

    What the environment sets is not asked. With somebody at the terminal the rest is asked,
    otherwise a default is taken and said. Raises ``SettingError``.
    """
    if answers_file(data).exists():
        return
    settings = Settings()
    answers = {name: _as_text(settings, name) for name in _QUESTIONS if name in settings.given}
    missing = [name for name in _QUESTIONS if name not in answers]
    if demo:
        answers = _DEMO | answers
    elif missing and sys.stdin.isatty() and sys.stdout.isatty():
        print("A new newsroom. Press Enter to take what stands in brackets.\n")
        answers |= {name: _ask(name, settings) for name in missing}
    else:
        answers |= {name: _default(name, settings) for name in missing}
        if missing and not quiet:
            _say_defaults(answers)
    os.environ["NIGHTDESK_OWNER"] = answers.pop("NIGHTDESK_OWNER", settings["NIGHTDESK_OWNER"])
    write_answers(data, answers)


def _ask(name: str, settings: Settings) -> str:
    setting, default = _BY_NAME[name], _default(name, settings)
    while True:
        given = input(f"{_QUESTIONS[name]} [{default}] ").strip() or default
        if _accepts(setting, given):
            return given
        print(f"  That is not {setting.expects}.")


def _accepts(setting: Setting, text: str) -> bool:
    try:
        setting.parse(text)
    except (ValueError, KeyError, OSError):
        return False
    return True


def _default(name: str, settings: Settings) -> str:
    if name == "NIGHTDESK_TIME_ZONE":
        return machine_time_zone()
    return _as_text(settings, name)


def _as_text(settings: Settings, name: str) -> str:
    value = settings[name]
    return ",".join(value) if isinstance(value, tuple) else str(value)


def machine_time_zone() -> str:
    """The zone this machine is set to, "UTC" when it does not say."""
    named = [os.environ.get("TZ", "")]
    link = Path("/etc/localtime")
    if link.is_symlink():
        named.append(str(link.resolve()).partition("zoneinfo/")[2])
    setting = _BY_NAME["NIGHTDESK_TIME_ZONE"]
    zone = next((zone for zone in named if zone and _accepts(setting, zone)), "UTC")
    return zone.removeprefix("Etc/") if zone in ("Etc/UTC", "Etc/GMT") else zone


def _say_defaults(answers: dict[str, str]) -> None:
    print(
        f"Nobody was there to ask, so this newsroom is called “{answers['NIGHTDESK_NAME']}”, "
        f"publishes in {answers['NIGHTDESK_LANGUAGES']}, keeps the time of "
        f"{answers['NIGHTDESK_TIME_ZONE']} and begins with the section "
        f"“{answers['NIGHTDESK_SECTION']}”. The settings {', '.join(_QUESTIONS)} decide it, "
        "given before the first run."
    )
