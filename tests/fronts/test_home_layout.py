"""The home page: what leads, what stands beside it, and no story twice."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from nightdesk.fronts.models import PICK_SLOTS, EditorsPicks, HomePage, Pick, TopStory
from nightdesk.stories.models import SectionPage
from tests.making import a_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(newsroom):
    return newsroom.add_child(
        instance=SectionPage(title="World", slug="world", locale=newsroom.locale)
    )


@pytest.fixture
def stories(section, world):
    """Twenty stories, the newest first, in two sections by turns."""
    now = timezone.now()
    return [
        a_story(world if n % 2 else section, f"Story {n}", at=now - datetime.timedelta(hours=n + 1))
        for n in range(20)
    ]


def pick(newsroom, story, **when) -> Pick:
    board = EditorsPicks.objects.get(locale=newsroom.locale)
    return Pick.objects.create(board=board, story=story, sort_order=board.picks.count(), **when)


def shown(client) -> dict[str, list[str]]:
    """Headlines by place."""
    context = client.get("/").context
    return {
        "top": [story.title for story in [context["lead"], *context["seconds"]] if story],
        "picks": [story.title for story in context["picks"]],
        **{band.section.title: [s.title for s in band.stories] for band in context["bands"]},
    }


def test_without_any_choice_the_newest_lead_and_every_place_is_filled(client, stories):
    assert shown(client) == {
        "top": ["Story 0", "Story 1", "Story 2"],
        "picks": ["Story 3", "Story 4", "Story 5", "Story 6", "Story 7"],
        "News": ["Story 8", "Story 10", "Story 12", "Story 14"],
        "World": ["Story 9", "Story 11", "Story 13", "Story 15"],
    }


def test_the_editor_chooses_what_leads(client, newsroom, stories):
    for place, n in enumerate((9, 4)):
        TopStory.objects.create(page=newsroom, story=stories[n], sort_order=place)
    assert shown(client)["top"] == ["Story 9", "Story 4", "Story 0"]


def test_picks_stand_in_the_editors_order_before_what_fills_up(client, newsroom, stories):
    for n in (15, 11):
        pick(newsroom, stories[n])
    assert shown(client)["picks"] == ["Story 15", "Story 11", "Story 3", "Story 4", "Story 5"]


def test_a_pick_is_shown_from_its_start_until_its_end(client, newsroom, stories):
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    pick(newsroom, stories[10], starts_at=now + hour)
    pick(newsroom, stories[11], ends_at=now - hour)
    pick(newsroom, stories[12], starts_at=now - hour, ends_at=now + hour)
    picks = shown(client)["picks"]
    assert picks[0] == "Story 12"
    assert not {"Story 10", "Story 11"} & set(picks)


def test_no_story_stands_on_the_page_twice(client, newsroom, stories):
    for place, n in enumerate((0, 0, 5)):
        TopStory.objects.create(page=newsroom, story=stories[n], sort_order=place)
    for n in (0, 5, 7, 7, 1):
        pick(newsroom, stories[n])
    found = [title for titles in shown(client).values() for title in titles]
    assert len(found) == len(set(found))


def test_a_story_taken_down_leaves_its_place_to_the_next(client, newsroom, stories):
    TopStory.objects.create(page=newsroom, story=stories[9])
    pick(newsroom, stories[10])
    stories[9].unpublish()
    stories[10].unpublish()
    places = shown(client)
    assert places["top"] == ["Story 0", "Story 1", "Story 2"]
    assert len(places["picks"]) == PICK_SLOTS


def test_a_section_that_has_nothing_left_to_show_is_left_out(client, newsroom, section, world):
    a_story(section, "The only one")
    assert shown(client) == {"top": ["The only one"], "picks": []}


def test_each_edition_shows_its_own(client, newsroom, stories):
    home = HomePage.objects.get(locale__language_code="uk")
    novyny = home.add_child(instance=SectionPage(title="Новини", slug="novyny", locale=home.locale))
    a_story(novyny, "Тут")
    page = client.get("/uk/")
    assert page.context["lead"].title == "Тут"
    assert "Story" not in "".join(
        story.title for story in [*page.context["picks"], *page.context["seconds"]]
    )


def test_an_empty_newsroom_has_a_home_page(client, newsroom):
    assert client.get("/").status_code == 200
    assert client.get("/uk/").status_code == 200
