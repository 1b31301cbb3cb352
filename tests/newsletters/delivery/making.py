"""A newsletter with readers, and an edition of it that is ready to go."""

from __future__ import annotations

import datetime
import itertools
import uuid

from django.utils import timezone
from wagtail.models import Locale

from nightdesk.newsletters import tokens
from nightdesk.newsletters.models import (
    CompiledEdition,
    Delivery,
    Edition,
    Newsletter,
    Subscriber,
    Subscription,
)

_number = itertools.count(1)

HTML = (
    "<!doctype html><html lang='en'><body><h1>The river turns</h1><p>Четвер, п’ятниця.</p>"
    "<p><a href='https://news.example/news/the-river-turns/'>Read it</a></p>"
    f"<p><a href='https://news.example/newsletters/unsubscribe/{tokens.MARK}/'>Unsubscribe</a> "
    f"<a href='https://news.example/newsletters/yours/{tokens.MARK}/'>Your newsletters</a></p>"
    "</body></html>"
)
TEXT = (
    "The river turns\n\nЧетвер, п’ятниця.\nhttps://news.example/news/the-river-turns/\n\n"
    f"Unsubscribe: https://news.example/newsletters/unsubscribe/{tokens.MARK}/\n"
    f"Your newsletters: https://news.example/newsletters/yours/{tokens.MARK}/\n"
)


def a_newsletter(name: str = "", **fields: object) -> Newsletter:
    name = name or f"Letter {next(_number)}"
    locale = fields.pop("locale", None) or Locale.objects.get_or_create(language_code="en")[0]
    return Newsletter.objects.create(
        locale=locale,
        name=name,
        slug=f"letter-{next(_number)}",
        description="About things.",
        schedule_text="Every day.",
        **fields,
    )


def readers(newsletter: Newsletter, count: int) -> list[Subscriber]:
    """So many who asked for it and confirmed."""
    made = Subscriber.objects.bulk_create(
        Subscriber(
            uid=uuid.uuid4(),
            email=f"reader{number}@example.org",
            email_ascii=f"reader{number}@example.org",
            email_key=f"reader{number}@example.org",
            language="en",
        )
        for number in (next(_number) for _ in range(count))
    )
    Subscription.objects.bulk_create(
        Subscription(
            newsletter=newsletter,
            subscriber=one,
            state=Subscription.State.ACTIVE,
            confirmed_at=timezone.now(),
        )
        for one in made
    )
    return made


def an_edition(newsletter: Newsletter, **fields: object) -> Edition:
    """A draft, compiled already unless ``compiled=False``."""
    compiled = fields.pop("compiled", True)
    fields = {"subject": "The river turns", "send_at": timezone.now(), **fields}
    edition = Edition.objects.create(newsletter=newsletter, **fields)
    if compiled:
        CompiledEdition.objects.create(
            edition=edition, subject=edition.subject, html=HTML, text=TEXT, sha256="0" * 64
        )
    return edition


def snapshot_of(edition: Edition, who: list[Subscriber], **fields: object) -> None:
    """As if the edition had been prepared for them."""
    at = timezone.now() - datetime.timedelta(seconds=1)
    Delivery.objects.bulk_create(
        Delivery(edition=edition, subscriber=one, not_before=at, **fields) for one in who
    )
    edition.total = len(who)
    edition.save()


def state_of(edition: Edition) -> str:
    return Edition.objects.values_list("state", flat=True).get(pk=edition.pk)
