"""Mail somebody."""

from __future__ import annotations

import email.generator
import email.policy
import email.utils
import hashlib
import hmac
import io
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import utf8_charset_qp
from django.db import IntegrityError, transaction
from django.utils import timezone

from nightdesk.mail.models import OutgoingMail

#: Within so long, a second mail under the same ``once`` is dropped.
ONCE_IN = timedelta(days=1)
#: Lines end as SMTP wants them. Seven bits: any relay takes it, and nothing is re-encoded on the
#: way, which would break a signature.
_ON_THE_WIRE = email.policy.compat32.clone(linesep="\r\n", cte_type="7bit", max_line_length=78)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it will leave, to one recipient; ``mail_from`` is where returned mail goes."""

    mail_from: str
    rcpt_to: str
    content: bytes


def post(message: EmailMessage, *, kind: str, once: str = "", mail_from: str = "") -> bool:
    """Queue it in the caller's transaction, for everybody it is addressed to; it leaves within a
    second or two of the commit, before any edition.

    ``kind`` says in a word what it is (``confirmation``, ``password``). ``once``: a second call
    with the same key within a day is dropped, whichever process it comes from. ``mail_from`` is
    where returned mail goes; without it to the sender's address. Returns whether it was queued.
    """
    key = _fingerprint(once) if once else ""
    _forget_older(key)
    each = letters(message, mail_from)
    try:
        with transaction.atomic():
            for number, letter in enumerate(each):
                OutgoingMail.objects.create(
                    kind=kind,
                    once="" if number else key,
                    mail_from=letter.mail_from,
                    rcpt_to=letter.rcpt_to,
                    content=letter.content,
                )
    except IntegrityError:
        if not key:
            raise
        return False
    return bool(each)


def erase(address: str) -> int:
    """Somebody wants to be forgotten: nothing to this address waits any more, and that something
    left is not known. Returns how many rows went."""
    rows = OutgoingMail.objects.filter(rcpt_to__iexact=_bare(address))
    return rows.exclude(state=OutgoingMail.State.SENDING).delete()[0]


def letters(message: EmailMessage, mail_from: str = "") -> list[Letter]:
    """One for each of its recipients."""
    recipients = list(dict.fromkeys(filter(None, map(_bare, message.recipients()))))
    if not recipients:
        return []
    sender = mail_from or _bare(message.from_email or settings.DEFAULT_FROM_EMAIL)
    content = _content(message)
    return [Letter(sender, recipient, content) for recipient in recipients]


def _forget_older(key: str) -> None:
    if key:
        day_ago = timezone.now() - ONCE_IN
        OutgoingMail.objects.filter(once=key, created_at__lt=day_ago).update(once="")


def _fingerprint(once: str) -> str:
    """What the key says (an address, perhaps) is nobody's business."""
    return hmac.new(
        settings.SECRET_KEY.encode(), b"once " + once.encode(), hashlib.sha256
    ).hexdigest()


def _bare(address: str) -> str:
    """Without its name, the domain as mail needs it."""
    local, at, domain = email.utils.parseaddr(address)[1].rpartition("@")
    if not at:
        return ""
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def _content(message: EmailMessage) -> bytes:
    """The message as it will leave, whenever that is: made once, so that a second try carries the
    same Message-ID and is recognised by whoever has the first."""
    given = {name.lower() for name in message.extra_headers}
    headers = {}
    if "message-id" not in given:
        domain = _bare(message.from_email or settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
        headers["Message-ID"] = f"<{secrets.token_hex(16)}@{domain or 'localhost'}>"
    if "auto-submitted" not in given:
        headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation answers this
    if "date" not in given:
        headers["Date"] = email.utils.formatdate()
    message.extra_headers = {**headers, **message.extra_headers}
    # Django leaves letters beyond ASCII as eight bits, which cannot be written in seven.
    message.encoding = utf8_charset_qp
    written = io.BytesIO()
    email.generator.BytesGenerator(written, policy=_ON_THE_WIRE).flatten(message.message())
    return written.getvalue()
