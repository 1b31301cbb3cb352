from __future__ import annotations

import itertools

import pytest
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.newsletters.events import watching
from nightdesk.newsletters.models import Delivery, Edition
from tests.newsletters.making import a_newsletter, a_reader

_number = itertools.count(1)


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch):
    monkeypatch.setattr(watching, "_looked", {})


@pytest.fixture
def with_settings(settings):
    def _with(**given: str) -> None:
        settings.NIGHTDESK = type(settings.NIGHTDESK)(
            {"NIGHTDESK_URL": "https://news.example", **given}
        )

    return _with


@pytest.fixture
def morning(db):
    return a_newsletter(Locale.get_default())


@pytest.fixture
def reader(morning):
    return a_reader(morning)


@pytest.fixture
def an_edition(morning):
    def _edition(state: str = "sending", **fields) -> Edition:
        fields = {"subject": f"Edition {next(_number)}", "started_at": timezone.now(), **fields}
        return Edition.objects.create(newsletter=morning, state=state, **fields)

    return _edition


@pytest.fixture
def sent():
    """``sent(edition, reader)`` → the row of a mail that the relay has."""

    def _sent(edition, reader, state: int = Delivery.State.SENT, **fields) -> Delivery:
        return Delivery.objects.create(
            edition=edition, subscriber=reader, state=state, settled_at=timezone.now(), **fields
        )

    return _sent
