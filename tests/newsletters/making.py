"""Readers and newsletters for tests."""

from __future__ import annotations

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.models import Newsletter, Subscriber

WORDS = "Enter your email to subscribe\nSubscribe"


def a_newsletter(locale, name: str = "Morning", **fields: object) -> Newsletter:
    fields = {"description": f"About {name}.", "schedule_text": "Every day at 7", **fields}
    return Newsletter.objects.create(
        locale=locale, name=name, slug=name.lower().replace(" ", "-"), **fields
    )


def a_reader(*newsletters: Newsletter, email: str = "olha@example.org") -> Subscriber:
    """Has confirmed all of them."""
    asked = subscribing.ask(
        read(email), newsletters, language="en", place="/news/a-story/", words=WORDS
    )
    subscribing.confirm(asked.subscriber, place="confirm", words="Confirm subscription")
    return asked.subscriber
