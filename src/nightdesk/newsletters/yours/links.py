"""Who holds this link, and how much that proves.

The link in every mail never ends, and newsletters get forwarded. So it lets its holder only do what
harms little and can be taken back: end, pause, ask. It shows the address only by its first letter.
Whatever hands something out, moves or destroys wants the other link: one that was mailed to the
address on its own, a day ago at most.
"""

from __future__ import annotations

from dataclasses import dataclass

from nightdesk.newsletters import tokens
from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.models import Newsletter, Subscriber


@dataclass(frozen=True, slots=True)
class Holder:
    """``subscriber``: None when nothing is kept of them any more. ``newsletter``: of whose mail the
    link is; None when there is none or it is gone. ``is_owner``: the link proves the address."""

    subscriber: Subscriber | None
    newsletter: Newsletter | None = None
    is_owner: bool = False

    @property
    def address(self) -> str:
        """As it may be shown to whoever holds the link."""
        if self.subscriber is None:
            return ""
        return self.subscriber.email if self.is_owner else masked(self.subscriber.email)


def masked(email: str) -> str:
    """Its owner knows it again; a stranger does not learn it: ``o•••@example.org``."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}" if local else ""


def of_a_mail(text: str) -> Holder:
    """Whoever holds the link of a newsletter's mail. Raises ``tokens.BadTokenError``."""
    return of_token(tokens.read(tokens.READER, text))


def of_token(token: tokens.Token) -> Holder:
    newsletter = Newsletter.objects.select_related("locale").filter(pk=token.newsletter).first()
    return Holder(_kept(token), newsletter)


def of_owner(text: str) -> Holder:
    """Raises ``tokens.BadTokenError`` for a link that was made for an address since left, too."""
    token = tokens.read(tokens.OWNER, text)
    subscriber = _kept(token)
    if subscriber is not None and not token.is_for(fingerprint(subscriber.email_key)):
        raise tokens.EndedTokenError(token)
    return Holder(subscriber, is_owner=True)


def of_either(text: str) -> Holder:
    try:
        return of_a_mail(text)
    except tokens.BadTokenError:
        return of_owner(text)


def _kept(token: tokens.Token) -> Subscriber | None:
    return Subscriber.objects.filter(uid=token.uid, erased_at=None).first()
