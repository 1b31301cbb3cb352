"""A newsroom with two newsletters, and nobody's sign-ups remembered from another test."""

from __future__ import annotations

import pytest

from nightdesk.newsletters.models import Newsletter
from nightdesk.newsletters.signup import domains, guard


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    monkeypatch.setattr(guard, "_known", (0.0, False))
    monkeypatch.setattr(domains, "_known", {})
    monkeypatch.setattr(domains, "_rest_until", 0.0)


@pytest.fixture
def morning(newsroom) -> Newsletter:
    return a_newsletter(newsroom.locale, "Morning Watch", order=1)


@pytest.fixture
def evening(newsroom) -> Newsletter:
    return a_newsletter(newsroom.locale, "Evening Watch", order=2)


def a_newsletter(locale, name: str, **fields: object) -> Newsletter:
    return Newsletter.objects.create(
        locale=locale,
        name=name,
        slug=name.lower().replace(" ", "-"),
        description=f"What happened in {name}.",
        schedule_text="Every weekday at 7 a.m.",
        **fields,
    )
