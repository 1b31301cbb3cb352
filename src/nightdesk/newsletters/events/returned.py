"""Mail that comes back, and mail that asks to be unsubscribed: read from what a mail server hands
to ``nightdesk mail receive``.

Only a notice in the form of RFC 3464, to an address that we signed, counts: whoever makes up an
address or a notice changes nothing. What answers by itself (RFC 3834) is thrown away, and nothing
is ever answered.
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from email.message import Message

from django.utils import timezone

from nightdesk.newsletters.events.reports import Report, status_in, take
from nightdesk.newsletters.models import MailEvent, Subscription
from nightdesk.newsletters.returns import Mail, read_bounce_address, read_wish_address
from nightdesk.newsletters.yours import actions
from nightdesk.newsletters.yours.links import of_token

Kind = MailEvent.Kind

#: Of a longer mail the rest is not read: a notice holds ours, which is small.
MOST = 2 * 1024 * 1024
#: Where mail servers write to whom they hand it over; the last is what its writer says.
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_OURS = re.compile(r"(?<![\w.+-])[bu][+-][\w.-]{1,80}@[\w.-]{1,255}", re.ASCII | re.IGNORECASE)
_LONGEST = 2000

RETURNED, WISH, NOTHING = "returned", "unsubscribed", "nothing"


def receive(raw: bytes, to: str = "") -> str:
    """``to``: to whom the mail server was told to bring it. What was made of it."""
    message = email.message_from_bytes(raw[:MOST])
    for address in [to] if to else _recipients(message):
        mail = read_bounce_address(address)
        if mail is not None:
            return _returned(message, mail, raw)
        token = read_wish_address(address)
        if token is not None:
            if _answers_by_itself(message):
                return NOTHING
            actions.end(of_token(token), Subscription.Reason.MAILTO, "mail")
            return WISH
    return NOTHING


def _recipients(message: Message) -> Iterator[str]:
    """What looks like an address of ours in the first lines' worth of each: whoever writes a header
    that takes a minute to read wants us to spend that minute."""
    for name in _TO:
        for value in message.get_all(name, []):
            yield from _OURS.findall(str(value)[:_LONGEST])


def _answers_by_itself(message: Message) -> bool:
    said = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return said == "auto-replied"


def _returned(message: Message, mail: Mail, raw: bytes) -> str:
    said = [found for part in message.walk() for found in _notices(part)]
    if not _is_a_notice(message) or not said:
        return NOTHING
    action, status, diagnostic = said[0]
    kind = {"failed": Kind.BOUNCED, "delayed": Kind.DEFERRED, "delivered": Kind.DELIVERED}.get(
        action
    )
    if kind is None:
        return NOTHING
    # What the far server said tells more than the sum its own relay made of it.
    code = status_in(diagnostic) or status_in(status)
    take(
        Report(
            kind=kind,
            source="returned mail",
            event_id=f"returned {hashlib.sha256(raw).hexdigest()}",
            mail=mail,
            at=timezone.now(),
            code=code,
            detail=diagnostic,
            is_certain=status.startswith("5"),
        )
    )
    return RETURNED


def _is_a_notice(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" and (
        str(message.get_param("report-type", "")).lower() == "delivery-status"
    )


def _notices(part: Message) -> Iterator[tuple[str, str, str]]:
    """(action, status, diagnostic) for each recipient of a notice: its first block is about the
    mail as a whole and names no action."""
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        action = str(block.get("Action", "")).split("(")[0].strip().lower()
        if action:
            diagnostic = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip()
            yield action, str(block.get("Status", "")).strip(), " ".join(diagnostic.split())
