"""A whole newsroom, made and printed once for all tests of a file."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction

from nightdesk.fronts.models import HomePage
from tests.press.whole import Seen, Shop, Whole, fill


@pytest.fixture(scope="module")
def printed_once(opening, django_db_blocker) -> Iterator[tuple[Whole, dict[str, Seen]]]:
    """To fill a newsroom and to print all of it takes seven seconds, and as long again for each
    test. What a test changes is taken back to here. Every test of its file must ask for it."""
    everything = transaction.atomic()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        everything.__enter__()
        opening()
        whole = fill(HomePage.objects.get(locale__language_code="en"), stories=12, briefs=70)
        before = Shop(patch).everything()
    yield whole, before
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)
        cache.clear()


@pytest.fixture
def whole(printed_once, db) -> Whole:
    """The newsroom, as a test may change it."""
    cache.clear()
    return copy.deepcopy(printed_once[0])


@pytest.fixture
def before(printed_once) -> dict[str, Seen]:
    """All that its readers were given."""
    return dict(printed_once[1])
