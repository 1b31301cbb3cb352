"""A section's front: its newest stories, and the way back to its first."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from nightdesk.stories.models import SectionPage
from tests.making import a_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(section):
    now = timezone.now()
    return [a_story(section, at=now - datetime.timedelta(hours=n + 1)) for n in range(65)]


def pages(client, url: str) -> dict[str, bytes]:
    """Every page of the list, by its address."""
    found = {}
    while url:
        response = client.get(url)
        assert response.status_code == 200
        found[url] = [story.pk for story in response.context["stories"]]
        url = response.context["older_url"]
    return found


def test_every_story_is_reached_once(client, many):
    listed = [pk for page in pages(client, "/news/").values() for pk in page]
    assert listed == [story.pk for story in many]


def test_a_new_story_changes_the_first_page_alone(client, section, many):
    before = pages(client, "/news/")
    fresh = a_story(section, "Fresh")
    after = pages(client, "/news/")
    assert after["/news/"][0] == fresh.pk
    older = {url: page for url, page in before.items() if url != "/news/"}
    assert older
    assert all(after[url] == page for url, page in older.items())


def test_an_older_page_stays_when_the_story_it_is_named_after_is_withdrawn(client, many):
    addresses = list(pages(client, "/news/"))
    anchor = int(addresses[1].rstrip("/").rpartition("/")[2])
    named = next(story for story in many if story.pk == anchor)
    named.unpublish()
    response = client.get(addresses[1])
    assert response.status_code == 200
    assert response.context["stories"][0].first_published_at < named.first_published_at


def test_only_stories_of_the_section_are_listed(client, newsroom, section):
    world = newsroom.add_child(
        instance=SectionPage(title="World", slug="world", locale=newsroom.locale)
    )
    a_story(world, "There")
    here = a_story(section, "Here")
    assert [story.pk for story in client.get("/news/").context["stories"]] == [here.pk]


def test_a_section_without_stories_is_a_page(client, section):
    response = client.get("/news/")
    assert response.status_code == 200
    assert response.context["stories"] == []


@pytest.mark.parametrize("rest", ["0", "999999", "9" * 30, "x", "-1", "1/2", "٣"])
def test_pages_that_cannot_be_are_not_found(client, section, rest):
    assert client.get(f"/news/before/{rest}/").status_code == 404


@pytest.mark.parametrize("slug", ["archive", "feeds", "uk", "search", "admin", "authors"])
def test_a_section_cannot_take_the_address_of_another_part_of_the_site(newsroom, slug):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="address of another part of the site"):
        newsroom.add_child(instance=SectionPage(title="X", slug=slug, locale=newsroom.locale))
