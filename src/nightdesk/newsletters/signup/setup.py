"""Told to the rooms below when the program starts."""

from __future__ import annotations

from django.conf import settings

from nightdesk.newsletters.signup import actions, fragment, guard, tasks
from nightdesk.press import alarms, clock, fragments, pages


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    fragments.register(fragment.NAME, fragment.sign_up)
    clock.register("see to sign-ups", tasks.call_the_worker)
    clock.register("forget what was not confirmed", actions.forget)
    alarms.register("Sign-ups", guard.alarm)
    for number, (code, _name) in enumerate(settings.LANGUAGES):
        edition = f"/{code}" if number else ""
        pages.live.register(f"{edition}/newsletters/sign-up/", ())
        pages.live.register(f"{edition}/newsletters/confirm/", ())
