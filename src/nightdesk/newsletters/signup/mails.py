"""The first mails to a reader: please confirm, you are subscribed already, welcome.

Each in its newsletter's language, from its sender, as text and as simple HTML. Nothing that anybody
typed into a form stands in one: what cannot be forged cannot be used to send others one's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.headerregistry import Address as MailAddress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import utf8_charset_qp
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from nightdesk.mail.actions import post
from nightdesk.newsletters import tokens
from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.models import Newsletter, Subscriber
from nightdesk.press.addresses import absolute, address
from nightdesk.theme.templatetags.theme import edition

#: Further ways to unsubscribe: a reader's token → such as ``mailto:…``, or empty. The room that
#: reads such mail, above this one, adds its own in ``AppConfig.ready()``.
ways_out: list[Callable[[str], str]] = []


def confirmation(
    subscriber: Subscriber, named: Sequence[Newsletter], pending: Sequence[Newsletter]
) -> None:
    """``named`` in the subject; the link confirms all that is ``pending``, so the text says all."""
    first = named[0]
    with override(first.language):
        subject = _("Confirm your subscription to %(newsletters)s") % {
            "newsletters": joined([row.name for row in named])
        }
        token = tokens.for_confirming(subscriber.uid)
        link = absolute(address("newsletters_confirm", first.language, token=token))
        said = {"newsletters": pending, "link": link}
        message = _written("confirmation", subject, subscriber, first, said)
    post(message, kind="confirmation")


def already(subscriber: Subscriber, active: Sequence[Newsletter]) -> None:
    first = active[0]
    with override(first.language):
        subject = _("You are already subscribed to %(newsletters)s") % {
            "newsletters": joined([row.name for row in active])
        }
        said = {"newsletters": active, "link": _their_newsletters(subscriber, first)}
        message = _written("already", subject, subscriber, first, said)
    key = f"already subscribed {fingerprint(subscriber.email_key)}"
    post(message, kind="subscribed already", once=key)


def welcome(subscriber: Subscriber, newsletter: Newsletter) -> None:
    """With the headers by which a mail program offers to unsubscribe (RFC 8058)."""
    token = tokens.for_reader(subscriber.uid, newsletter.pk)
    with override(newsletter.language):
        subject = _("Welcome to %(newsletter)s") % {"newsletter": newsletter.name}
        said = {
            "newsletter": newsletter,
            "words": newsletter.welcome_words,
            "link": _their_newsletters(subscriber, newsletter),
            "unsubscribe": _below(newsletter.language, "unsubscribe", token),
        }
        message = _written("welcome", subject, subscriber, newsletter, said)
    ways = [said["unsubscribe"], *filter(None, (way(token) for way in ways_out))]
    message.extra_headers["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways)
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    post(
        message,
        kind="welcome",
        once=f"welcome {fingerprint(subscriber.email_key)} {newsletter.pk}",
    )


def joined(names: Sequence[str]) -> str:
    """“A”, “A and B”, “A, B and C”, in the language at hand."""
    if len(names) < 2:
        return "".join(names)
    return _("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}


def _written(
    name: str,
    subject: str,
    subscriber: Subscriber,
    newsletter: Newsletter,
    said: dict[str, Any],
) -> EmailMultiAlternatives:
    said = {
        **said,
        "paper": edition().name,
        "home": absolute(_front(newsletter.language)),
        "language": newsletter.language,
        "subject": subject,
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"newsletters/mails/{name}.txt", said).strip() + "\n",
        from_email=_sender(newsletter),
        to=[subscriber.email_ascii],
        reply_to=[newsletter.reply_to] if newsletter.reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.encoding = utf8_charset_qp  # seven bits, which every relay takes
    message.attach_alternative(
        render_to_string(f"newsletters/mails/{name}.html", said), "text/html"
    )
    return message


def _sender(newsletter: Newsletter) -> str:
    local, _at, domain = (newsletter.from_address or settings.DEFAULT_FROM_EMAIL).rpartition("@")
    return str(MailAddress(newsletter.from_name or newsletter.name, local, domain))


def _their_newsletters(subscriber: Subscriber, newsletter: Newsletter) -> str:
    token = tokens.for_reader(subscriber.uid, newsletter.pk)
    return _below(newsletter.language, "yours", token)


def _below(language: str, word: str, token: str) -> str:
    """An address of the room that lies above this one, as all have agreed on it."""
    return absolute(f"{address('newsletters', language)}{word}/{token}/")


def _front(language: str) -> str:
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
