"""Carry mail to a relay over SMTP (RFC 5321), one round trip a message where the relay allows it.

Files in reading order: ``courier`` (which connection takes which message), ``line`` (one
connection: what is said, what became of each message), ``opening`` (greeting, TLS, login),
``offers`` (what the relay can do), ``wire`` (bytes to replies), ``replies`` (what a reply means),
``standing`` (how well a relay takes it: connections, pauses, size of groups), ``patience``
(timeouts). Why our own: docs/decisions/smtp-client.md.
"""

from nightdesk.mail.adapters.smtp.courier import SMTPCourier
from nightdesk.mail.adapters.smtp.patience import Patience

__all__ = ["Patience", "SMTPCourier"]
