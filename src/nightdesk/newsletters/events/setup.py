"""Told to the rooms below when the program starts."""

from nightdesk.mail import command
from nightdesk.newsletters.events import closing, watching
from nightdesk.newsletters.events.command import RECEIVE
from nightdesk.newsletters.returns import wish_address
from nightdesk.newsletters.signup import mails
from nightdesk.press import clock, pages


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    command.register(RECEIVE)
    mails.ways_out.append(_by_mail)
    clock.register("watch what comes back", watching.look)
    clock.register("close the books of editions", closing.CloseBooks())
    clock.register("forget reports about mail", watching.forget)
    pages.live.register("/newsletters/reports/", None)


def _by_mail(token: str) -> str:
    """A mail program that prefers mail to the web unsubscribes by one."""
    address = wish_address(token)
    return f"mailto:{address}?subject=unsubscribe" if address else ""
