"""Told to the rooms below when the program starts."""

from django.conf import settings

from nightdesk.press import pages


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    for code, _name in settings.LANGUAGES:
        # Spelled out: addresses cannot be asked for before every room is ready.
        edition = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        for place in ("unsubscribe", "yours"):
            pages.live.register(f"{edition}/newsletters/{place}/", ())
