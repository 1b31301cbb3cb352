"""Told to the rooms below when the program starts."""

from django.conf import settings

from nightdesk.newsletters import counting
from nightdesk.newsletters.tables import tasks
from nightdesk.people.roles import DESK_CHIEF, PRODUCER, allow
from nightdesk.press import clock, pages

_SEE_THEM = ("newsletters.view_subscriber", "newsletters.change_subscriber")


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    for code, _name in settings.LANGUAGES:
        # Spelled out: addresses cannot be asked for before every room is ready.
        edition = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        for place in ("unsubscribe", "yours"):
            pages.live.register(f"{edition}/newsletters/{place}/", ())
    clock.register("bring subscribers in", tasks.call_the_worker)
    clock.register("count subscribers", counting.write_down)
    allow(PRODUCER, *_SEE_THEM)
    allow(DESK_CHIEF, "newsletters.export_subscriber")
