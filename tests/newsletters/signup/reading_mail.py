"""What lies in the queue, as a reader's mail program would show it."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from nightdesk.mail.models import OutgoingMail


def outgoing() -> list[EmailMessage]:
    """The oldest first."""
    rows = OutgoingMail.objects.order_by("pk")
    return [
        email.message_from_bytes(bytes(row.content), policy=email.policy.default) for row in rows
    ]


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def html_of(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()


def links_of(message: EmailMessage) -> list[str]:
    """Paths of every link in any part and header, without the newsroom's own address."""
    said = text_of(message) + html_of(message) + str(message["List-Unsubscribe"] or "")
    found = re.findall(r"https?://[^/\s\"<>]+(/[^\s\"<>]*)", said)
    return list(dict.fromkeys(found))


def confirm_link(message: EmailMessage) -> str:
    return next(link for link in links_of(message) if "/confirm/" in link)
