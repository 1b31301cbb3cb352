"""A story that is taken down is on no surface, stays down, and comes back only when that is lifted."""

from __future__ import annotations

import pytest
from wagtail.contrib.redirects.models import Redirect

from nightdesk.fronts.models import EditorsPicks, Pick, TopStory
from nightdesk.people.models import Author
from nightdesk.press.shelf import takedowns
from nightdesk.stories.models import StoryPage, StoryRelated, Topic
from nightdesk.takedown import actions, kinds
from nightdesk.takedown.kinds import Part
from nightdesk.takedown.models import Takedown
from tests.making import a_brief, a_picture, a_story, indexed

NAME = "Zorvex endangered"


@pytest.fixture
def everywhere(newsroom, section):
    """A story that every kind of list shows, and one that shows it as card, link and next story."""
    author = Author.objects.create(name="Ada", slug="ada", locale=section.locale)
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=section.locale)
    picture = a_picture("Zorvex at home")
    story = a_story(
        section, NAME, signed_by=[author], topics=[topic], lead_picture=picture, slug="zorvex"
    )
    other = a_story(
        section,
        "Another story",
        body=[
            ("text", f'<p>See <a linktype="page" id="{story.pk}">that</a>.</p>'),
            ("related", {"story": story, "headline": ""}),
        ],
    )
    waiting = a_story(section, "Waits", body=[("related", {"story": None, "headline": NAME})])
    StoryRelated.objects.create(page=other, story=story)
    TopStory.objects.create(page=newsroom, story=story, sort_order=0)
    board = EditorsPicks.objects.get(locale=section.locale)
    Pick.objects.create(board=board, story=story, sort_order=0)
    a_brief(section.locale, "A thing.", story=story)
    indexed(story, other, waiting)
    return story


def test_it_is_on_no_surface_and_its_lists_are_printed_without_it(
    press, everywhere, stories, reader, saying, data, client
):
    press.run_dry()
    assert {"/", "/news/", "/authors/ada/", "/topics/rivers/", "/feeds/rss.xml"} <= set(
        saying(NAME)
    )
    assert "zorvex" in reader.text("/news-sitemap.xml")
    assert "fragment:editors-picks:en" in saying(NAME)
    actions.take_down(stories, everywhere, reason="She is in danger.", name="anna")
    press.step()
    assert saying(NAME) == [] and saying("/news/zorvex/") == []
    press.run_dry()
    assert saying(NAME) == [] and saying("/news/zorvex/") == [] and saying("Zorvex") == []
    assert reader.status("/") == reader.status("/news/another-story/") == 200
    assert reader.status("/news/waits/") == 200
    assert reader.status(everywhere.url) == 0
    assert NAME not in client.get("/search/", {"q": "Zorvex"}).content.decode()
    assert press.shelf.state()["missed"] == 0


def test_who_did_it_when_and_why_is_kept(press, everywhere, stories, data):
    row = actions.take_down(
        stories, everywhere, reason="She is in danger.", sentence="By request.", name="anna"
    )
    assert (row.kind, row.thing, row.title) == ("story", str(everywhere.pk), NAME)
    assert (row.reason, row.sentence, row.by_name) == ("She is in danger.", "By request.", "anna")
    held = takedowns.read(data).down[row.key]
    assert (held.say, held.reason, held.path) == (
        "By request.",
        "She is in danger.",
        "/news/zorvex/",
    )
    assert not StoryPage.objects.get(pk=everywhere.pk).live


def test_its_aliases_and_every_old_address_that_leads_there_are_down(
    newsroom, section, stories, data, everywhere
):
    from nightdesk.stories.models import SectionPage

    world = newsroom.add_child(instance=SectionPage(title="World", slug="world"))
    alias = everywhere.create_alias(parent=world)
    Redirect.add_redirect("/old/zorvex/", redirect_to=everywhere)
    Redirect.add_redirect("/older/", redirect_to="/news/zorvex/")
    actions.take_down(stories, everywhere, reason="x")
    (one,) = takedowns.read(data).down.values()
    assert {"/news/zorvex/", "/world/zorvex/", "/old/zorvex", "/older"} <= set(one.addresses)
    assert not StoryPage.objects.get(pk=alias.pk).live


def test_an_alias_or_an_old_address_stands_for_the_story_itself(newsroom, section, everywhere):
    from nightdesk.stories.models import SectionPage

    world = newsroom.add_child(instance=SectionPage(title="World", slug="world"))
    everywhere.create_alias(parent=world)
    Redirect.add_redirect("/old/zorvex/", redirect_to=everywhere)
    for path in ("/news/zorvex/", "/news/zorvex", "/world/zorvex/", "/old/zorvex/"):
        kind, thing = kinds.find(path)
        assert (kind.name, thing.pk) == ("story", everywhere.pk), path
    assert kinds.find("/") is None and kinds.find("/news/") is None


def test_taking_down_twice_is_one_takedown(stories, everywhere, data):
    first = actions.take_down(stories, everywhere, reason="x")
    assert actions.take_down(stories, everywhere, reason="y") == first
    assert len(takedowns.read(data).down) == 1


def test_lifted_it_is_a_draft_that_can_be_published(press, everywhere, stories, data, reader):
    row = actions.take_down(stories, everywhere, reason="x")
    press.run_dry()
    actions.lift(row, name="boris")
    assert not takedowns.read(data).down
    row.refresh_from_db()
    assert row.lifted_at and row.lifted_by_name == "boris"
    story = StoryPage.objects.get(pk=everywhere.pk)
    assert not story.live
    story.save_revision().publish()
    press.run_dry()
    assert NAME in reader.text(everywhere.url)


def test_a_brief_is_down_and_the_news_feed_is_printed_without_it(
    press, newsroom, reader, saying, data
):
    brief = a_brief(newsroom.locale, "Zorvex was seen here.", headline=NAME)
    press.run_dry()
    assert "fragment:news-feed:en" in saying(NAME)
    actions.take_down(kinds.named("brief"), brief, reason="x")
    press.step()
    assert saying("Zorvex") == []
    assert reader.status("/") in (0, 200)
    press.run_dry()
    assert saying("Zorvex") == [] and reader.status("/") == 200
    assert takedowns.read(data).at(brief.get_absolute_url())


def test_a_room_above_can_add_files_of_its_own_to_a_story(everywhere, stories, data, monkeypatch):
    done = []
    part = Part(
        "story",
        stems=lambda story: [f"audio/{story.pk}"],
        take_away=lambda story: done.append(("away", story.pk)),
        give_back=lambda story: done.append(("back", story.pk)),
    )
    monkeypatch.setattr(kinds, "_parts", [part])
    row = actions.take_down(stories, everywhere, reason="x")
    (one,) = takedowns.read(data).down.values()
    assert one.stems == (f"audio/{everywhere.pk}",)
    actions.lift(row)
    assert done == [("away", everywhere.pk), ("back", everywhere.pk)]


def test_what_cannot_be_unpublished_as_usual_is_taken_away_all_the_same(
    press, everywhere, stories, reader, monkeypatch
):
    def broken(*_args, **_kwargs):
        raise ValueError("a signal of somebody's fails")

    monkeypatch.setattr(StoryPage, "unpublish", broken)
    actions.take_down(stories, everywhere, reason="x")
    assert not StoryPage.objects.get(pk=everywhere.pk).live
    press.run_dry()
    assert reader.status(everywhere.url) == 0
    assert Takedown.in_force().count() == 1
