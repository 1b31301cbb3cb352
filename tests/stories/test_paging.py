"""Lists whose older pages stay what they are, so that they can be stored and linked."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.stories.paging import page_of

#: The name of the list that the pages are of.
LIST = ("briefs",)
START = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)


def briefs():
    return Brief.objects.filter(live=True)


def walk(length: int) -> list[list[int]]:
    """Ids page by page, from the newest page to the oldest."""
    pages, before = [], None
    while True:
        page = page_of(briefs(), LIST, before, by="published_at", length=length)
        pages.append([item.pk for item in page.items])
        if page.next_before is None:
            return pages
        before = page.next_before


def make(minutes: list[tuple[int, int]]) -> None:
    """Briefs from (id, minutes after the start)."""
    locale = Locale.objects.get_or_create(language_code="en")[0]
    Brief.objects.bulk_create(
        Brief(
            pk=pk, text="x", locale=locale, published_at=START + datetime.timedelta(minutes=minute)
        )
        for pk, minute in minutes
    )


class AnyList(TestCase):
    rows = st.lists(
        st.tuples(st.integers(1, 10_000), st.integers(0, 50)), max_size=70, unique_by=lambda r: r[0]
    )

    @given(rows=rows, length=st.integers(1, 12))
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    def test_is_walked_from_newest_to_oldest_without_loss_or_double(self, rows, length):
        make(rows)
        expected = [pk for pk, _minute in sorted(rows, key=lambda r: (r[1], r[0]), reverse=True)]
        pages = walk(length)
        assert [pk for page in pages for pk in page] == expected
        assert all(len(page) <= 2 * length for page in pages)

    @given(rows=rows.filter(bool), length=st.integers(1, 12), new=st.integers(10_001, 10_040))
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    def test_a_new_item_changes_no_page_that_has_an_address(self, rows, length, new):
        make(rows)
        addresses = [page[-1] for page in walk(length)[:-1]]

        def stored():
            return [
                page_of(briefs(), LIST, before, by="published_at", length=length)
                for before in addresses
            ]

        before = stored()
        make([(new, 60)])
        assert stored() == before

    @given(rows=rows.filter(lambda rows: len(rows) > 15), which=st.integers(0, 10**6))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_the_address_of_a_page_works_after_its_item_is_withdrawn(self, rows, which):
        make(rows)
        ordered = [pk for pk, _minute in sorted(rows, key=lambda r: (r[1], r[0]), reverse=True)]
        anchor = ordered[which % (len(ordered) - 1)]
        Brief.objects.filter(pk=anchor).update(live=False)
        page = page_of(briefs(), LIST, anchor, by="published_at", length=5)
        following = ordered[ordered.index(anchor) + 1 :]
        assert [item.pk for item in page.items] == following[: len(page.items)]


@pytest.mark.django_db
def test_a_page_after_nothing_known_is_no_page():
    make([(1, 1), (2, 2)])
    assert page_of(briefs(), LIST, 99, by="published_at") is None
    assert page_of(briefs(), LIST, 1, by="published_at") is None
    assert page_of(briefs().none(), LIST, by="published_at").items == []


@pytest.mark.django_db
def test_lengths_stay_within_one_and_two_pages():
    make([(pk, pk) for pk in range(1, 200)])
    sizes = [len(page) for page in walk(20)]
    assert all(20 <= size <= 40 for size in sizes[:-1])
    assert timezone.is_aware(START)
