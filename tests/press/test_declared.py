"""Nothing that readers see is read behind the press's back."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import Q
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.newsletters.models import Edition
from nightdesk.people.models import Author
from nightdesk.press import dependencies, stretches
from nightdesk.stories.models import StoryPage
from tests.making import a_story
from tests.press.whole import Shop, fill

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_every_kind_of_page_says_what_it_is_made_from(newsroom, monkeypatch):
    fill(newsroom)
    shop = Shop(monkeypatch)
    found = shop.everything()
    kinds = ("/", "/news/", "/news/story-0/", "/news-feed/", "/authors/ada/", "/desks/night/")
    kinds += ("/topics/rivers/", "/archive/", "/newsletters/", "/feeds/rss.xml", "/uk/")
    kinds += ("/sitemap.xml", "/sitemaps/pages.xml", "/news-sitemap.xml", "/robots.txt")
    kinds += ("fragment:news-feed:en", "fragment:editors-picks:uk", "error:404:en")
    kinds += ("/corrections/", "/uk/corrections/", "/corrections/rss.xml")
    kinds += ("/news/story-2/changes/",)
    (first, *_others) = Edition.objects.order_by("pk")
    kinds += (f"/newsletters/morning/{first.pk}/", "/newsletters/morning/editions/")
    kinds += ("/newsletters/morning/rss.xml", "/newsletters/morning/atom.xml")
    kinds += ("/an-old-address", "/feeds/world/atom.xml", "/sitemaps/pages.xml")
    assert {path for path in kinds if path not in found or found[path].text is None} == set()
    assert len(found) > 100
    said = {
        path: sorted(set(statements)) for path, statements in shop.undeclared.items() if statements
    }
    assert said == {}


def test_a_list_that_nobody_declared_is_noticed_and_hangs_on_its_whole_table(newsroom):
    with dependencies.collecting() as read:
        list(StoryPage.objects.filter(kicker="Exclusive"))
        StoryPage.objects.filter(title__startswith="A").exists()
    assert len(read.undeclared) == 2
    assert {"table:stories_storypage", "table:wagtailcore_page"} <= read.keys


def test_ids_that_are_asked_for_count_though_nothing_is_found(newsroom):
    with dependencies.collecting() as read:
        list(StoryPage.readable().filter(pk__in=[97, 98]))
        Author.objects.filter(pk=99).first()
    assert {"page:97:card", "page:98:card", "people.author:99"} <= read.keys
    assert read.undeclared == []


@pytest.mark.parametrize(
    "condition",
    [
        Q(pk=5) | Q(name="Ada"),
        ~Q(pk=5),
        Q(pk__gt=5),
        Q(desk__name="Night", pk__in=StoryPage.objects.values("pk")),
    ],
)
def test_what_is_not_plainly_by_id_is_no_lookup_by_id(newsroom, condition):
    with dependencies.collecting() as read:
        list(Author.objects.filter(condition))
    assert len(read.undeclared) == 1
    assert "table:people_author" in read.keys


def test_a_story_that_is_only_listed_does_not_hang_on_its_text(section):
    story = a_story(section)
    with dependencies.collecting() as listed:
        (card,) = StoryPage.readable().filter(pk=story.pk)
        assert card.title
    assert f"page:{story.pk}:card" in listed.keys
    assert f"page:{story.pk}" not in listed.keys
    with dependencies.collecting() as opened:
        (card,) = StoryPage.readable().filter(pk=story.pk)
        assert list(card.body)
    assert f"page:{story.pk}" in opened.keys


def test_nothing_is_recorded_while_nobody_asks(newsroom):
    dependencies.depends_on("page:1")
    dependencies.good_until(timezone.now())
    with dependencies.collection("stories") as listed:
        assert list(StoryPage.readable()) == []
        listed.between(None)


@given(
    moments=st.lists(
        st.datetimes(datetime.datetime(1800, 1, 1), datetime.datetime(2200, 1, 1)),
        min_size=3,
        max_size=3,
    )
)
def test_a_moment_touches_a_stretch_exactly_when_it_lies_in_it(moments):
    at, oldest, newest = (moment.replace(tzinfo=datetime.UTC) for moment in moments)
    oldest, newest = sorted((oldest, newest))
    touches = bool(set(stretches.at(at)) & set(stretches.between(oldest, newest)))
    if oldest <= at <= newest:
        assert touches
    elif min(abs(at - oldest), abs(at - newest)) > datetime.timedelta(seconds=16):
        assert not touches
    assert len(list(stretches.at(at))) < 20
    assert len(list(stretches.between(oldest, newest))) < 110


def test_stretches_without_an_end_reach_as_far_as_dates_do():
    first = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
    last = datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)
    middle = datetime.datetime(2026, 3, 8, tzinfo=datetime.UTC)
    assert set(stretches.at(last)) & set(stretches.between(middle, None))
    assert not set(stretches.at(first)) & set(stretches.between(middle, None))
    assert set(stretches.at(first)) & set(stretches.between(None, middle))
    assert not set(stretches.at(last)) & set(stretches.between(None, middle))
    assert set(stretches.at(middle)) & set(stretches.between(None, None))
