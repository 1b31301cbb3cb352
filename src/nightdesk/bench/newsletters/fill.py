"""A newsroom with a newsletter of so many readers, and an edition of 47 KB: `python -m
nightdesk.bench.newsletters.fill --recipients 200000`, in the folder and database of its settings.
"""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

import django

_AT_ONCE = 10_000
_SENTENCE = (
    "The river turned at the old bridge on Tuesday night, and by morning the water stood in the "
    "cellars of {number} houses; the town’s engineers measured it each hour. "
)


def html() -> str:
    """Twelve stories and the foot that each mail has."""
    from nightdesk.newsletters import tokens

    stories = "".join(
        f'<table role="presentation" width="600"><tr><td><h2>Story {number}: what is known of the '
        f'water</h2><p><a href="https://news.example/news/story-{number}/">Read it</a></p>'
        f"<p>{_SENTENCE.format(number=number) * 16}</p></td></tr></table>\n"
        for number in range(1, 13)
    )
    foot = (
        f'<p><a href="https://news.example/newsletters/unsubscribe/{tokens.MARK}/">Unsubscribe</a> '
        f'<a href="https://news.example/newsletters/yours/{tokens.MARK}/">Your newsletters</a></p>'
    )
    return f'<!doctype html><html lang="en"><body>{stories}{foot}</body></html>'


def text() -> str:
    from nightdesk.newsletters import tokens

    stories = "\n\n".join(
        f"Story {number}\nhttps://news.example/news/story-{number}/\n"
        f"{_SENTENCE.format(number=number) * 5}"
        for number in range(1, 13)
    )
    return (
        f"{stories}\n\nUnsubscribe: https://news.example/newsletters/unsubscribe/{tokens.MARK}/\n"
        f"Your newsletters: https://news.example/newsletters/yours/{tokens.MARK}/\n"
    )


def fill(recipients: int) -> None:
    from django.conf import settings
    from django.utils import timezone
    from wagtail.models import Locale

    from nightdesk.newsletters.models import Newsletter, Subscriber, Subscription
    from nightdesk.run import folder
    from nightdesk.run.database import open_database

    folder.make(settings.DATA)
    open_database(settings.DATA, demo=False)
    newsletter = Newsletter.objects.create(
        locale=Locale.objects.get(language_code=settings.LANGUAGE_CODE),
        name="Morning",
        slug="morning",
        description="Every morning.",
        schedule_text="Every morning.",
        from_address="morning@news.example",
    )
    now = timezone.now()

    def readers() -> Iterator[Subscriber]:
        for number in range(recipients):
            address = f"reader{number}@readers.example"
            yield Subscriber(
                uid=uuid.uuid4(),
                email=address,
                email_ascii=address,
                email_key=address,
                language="en",
                created_at=now,
            )

    some = readers()
    while batch := list(islice(some, _AT_ONCE)):
        made = Subscriber.objects.bulk_create(batch)
        Subscription.objects.bulk_create(
            Subscription(newsletter=newsletter, subscriber=one, state="active", confirmed_at=now)
            for one in made
        )


def prepared() -> tuple[Any, float]:
    """A new edition that is being sent, and how long its readers took to be written down."""
    from django.utils import timezone

    from nightdesk.newsletters.delivery.audience import take_snapshot
    from nightdesk.newsletters.models import CompiledEdition, Delivery, Edition, Newsletter

    newsletter = Newsletter.objects.get(slug="morning")
    Delivery.objects.all()._raw_delete("default")
    edition = Edition.objects.create(
        newsletter=newsletter, subject="Morning", state=Edition.State.PREPARING, epoch=10**9
    )
    CompiledEdition.objects.create(
        edition=edition, subject="The river turned", html=html(), text=text(), sha256="0" * 64
    )
    begun = time.perf_counter()
    total = take_snapshot(edition, edition.epoch, timezone.now())
    took = time.perf_counter() - begun
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENDING, total=total, epoch=0)
    return edition, took


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m " + __spec__.name, description=__doc__)
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--send", action="store_true", help="an edition, begun at once")
    given = parser.parse_args(arguments)
    django.setup()
    fill(given.recipients)
    if given.send:
        prepared()
    return 0


if __name__ == "__main__":
    sys.exit(main())
