"""The mails about one's own newsletters: a link that proves the address, a move, its notice.

Each leads to a page with a button and contains nothing that somebody typed, so that nobody can make
us carry their words to a stranger.
"""

from __future__ import annotations

import time
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from nightdesk.mail.actions import post
from nightdesk.newsletters import tokens
from nightdesk.newsletters.addresses import Address, fingerprint
from nightdesk.newsletters.models import Subscriber
from nightdesk.press.addresses import absolute, address
from nightdesk.theme.templatetags.theme import edition

#: At most one link in so many seconds: whoever holds a forwarded mail shall not flood its reader.
_AGAIN = 6 * 3600


def send_link(subscriber: Subscriber, language: str) -> bool:
    """Mail the link that proves the address. False when one was sent lately."""
    token = tokens.for_owner(subscriber.uid, fingerprint(subscriber.email_key))
    link = absolute(address("yours", language, token=token))
    with override(language):
        subject = _("Your newsletters from %(name)s") % {"name": _name()}
    return post(
        _mail(subscriber.email, subject, "newsletters/mails/your_link.txt", language, link=link),
        kind="your newsletters",
        once=f"your newsletters {subscriber.pk} {int(time.time()) // _AGAIN}",
    )


def send_move(subscriber: Subscriber, new: Address, language: str) -> bool:
    """Ask the new address whether it wants the newsletters."""
    token = tokens.for_moving(subscriber.uid, new.fingerprint)
    link = absolute(address("yours_move", language, token=token))
    with override(language):
        subject = _("Send your newsletters from %(name)s here?") % {"name": _name()}
    message = _mail(new.written, subject, "newsletters/mails/move.txt", language, link=link)
    return post(message, kind="move")


def tell_of_move(old: str, language: str) -> bool:
    """Tell the old address that the newsletters have left it."""
    with override(language):
        subject = _("Your newsletters from %(name)s go to another address now") % {"name": _name()}
    return post(
        _mail(old, subject, "newsletters/mails/moved.txt", language),
        kind="move",
        once=f"moved {old}",
    )


def _mail(to: str, subject: str, template: str, language: str, **context: str) -> EmailMessage:
    with override(language):
        name = _name()
        context |= {"name": name, "sender": settings.DEFAULT_FROM_EMAIL}
        text = render_to_string(template, context)
    return EmailMessage(
        subject=subject,
        body=text.strip() + "\n",
        from_email=formataddr((name, settings.DEFAULT_FROM_EMAIL)),
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _name() -> str:
    return edition().name
