"""Sign single mails as they leave (not when they are queued: a signature grows old, a key changes)."""

from __future__ import annotations

import email
import email.policy
import functools
from email.utils import parseaddr

from django.conf import settings

from nightdesk.mail.dkim import Signer, signer_for
from nightdesk.settings.table import Settings


def signed(content: bytes) -> bytes:
    """With the signature of its From's domain on top; as it is when mail is not signed here.
    Raises ``SettingError``."""
    table = settings.NIGHTDESK
    if not (table["NIGHTDESK_DKIM_SELECTOR"] or table["NIGHTDESK_DKIM_KEY"]):
        return content
    head = email.message_from_bytes(content.partition(b"\r\n\r\n")[0], policy=email.policy.compat32)
    domain = parseaddr(str(head["From"]))[1].rpartition("@")[2]
    signer = _signer(table, domain.lower())
    return signer.sign(content) if signer and domain else content


@functools.lru_cache(maxsize=8)
def _signer(table: Settings, domain: str) -> Signer | None:
    return signer_for(table, domain)
