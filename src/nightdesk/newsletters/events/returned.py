"""Mail that comes back, and mail that asks to be unsubscribed: read from what a mail server hands
to ``nightdesk mail receive``.

Only a notice in the form of RFC 3464, to an address that we signed, counts: whoever makes up an
address or a notice changes nothing. What answers by itself (RFC 3834) is thrown away, and nothing
is ever answered.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses

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

RETURNED, WISH, NOTHING = "returned", "unsubscribed", "nothing"


def receive(raw: bytes, to: str = "") -> str:
    """``to``: to whom the mail server was told to bring it. What was made of it."""
    message = email.message_from_bytes(raw[:MOST], policy=email.policy.default)
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


def _recipients(message: EmailMessage) -> Iterator[str]:
    for name in _TO:
        try:
            values = [str(value) for value in message.get_all(name, [])]
        except (IndexError, LookupError, ValueError):  # a header that no parser of theirs survives
            continue
        yield from (address for _name, address in getaddresses(values))


def _answers_by_itself(message: EmailMessage) -> bool:
    said = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return said == "auto-replied"


def _returned(message: EmailMessage, mail: Mail, raw: bytes) -> str:
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


def _is_a_notice(message: EmailMessage) -> bool:
    return message.get_content_type() == "multipart/report" and (
        str(message.get_param("report-type", "")).lower() == "delivery-status"
    )


def _notices(part: EmailMessage) -> Iterator[tuple[str, str, str]]:
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
