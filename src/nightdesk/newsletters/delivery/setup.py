"""Told to the rooms below when the program starts."""

from nightdesk.mail import sources
from nightdesk.newsletters.delivery import actions, log, trace
from nightdesk.newsletters.delivery.source import EDITIONS
from nightdesk.newsletters.editions import under_way
from nightdesk.press import clock


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    clock.register("send editions that are due", actions.start_due)
    under_way.stop_by(actions.stop)
    clock.register("forget traces of editions", trace.forget_old)
    sources.register(EDITIONS)
    log.register()
