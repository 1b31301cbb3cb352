"""The list knows what the database does not (any more): it is done before anything is printed."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.utils import timezone

from nightdesk.press import withdrawals
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.takedowns import NAME, Withdrawn
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions, kinds, on_shelf, settling
from nightdesk.takedown.models import Takedown
from tests.making import a_story
from tests.press.printing.conftest import OwnPress

HEADLINE = "Zorvex endangered"


@pytest.fixture
def story(section):
    return a_story(section, HEADLINE, slug="zorvex")


def listed(data, path="/news/zorvex/", **more):
    """As the command line does it, without the database."""
    known = on_shelf.look_up(data, path)
    one = Withdrawn(
        id=takedowns.new_id(), path=known.path, reason="danger", by="night", **known.described
    )
    return takedowns.take_down(data, one)


def is_live(story) -> bool:
    return StoryPage.objects.get(pk=story.pk).live


def test_the_press_does_in_the_database_what_the_list_says(press, story, data, reader, saying):
    press.run_dry()
    one = listed(data)
    press.run_dry()
    assert not is_live(story) and saying(HEADLINE) == []
    row = Takedown.objects.get()
    assert (row.key, row.reason, row.by_name, row.title) == (one.id, "danger", "night", HEADLINE)


def test_while_the_database_does_not_answer_no_stored_page_shows_it(
    press, story, data, reader, saying, monkeypatch
):
    press.run_dry()
    stored = {"/", "/news/", "/news/zorvex/", "/feeds/rss.xml"}
    assert stored <= set(saying(HEADLINE))
    listed(data)

    def gone(*_args, **_kwargs):
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(press.wake, "changed", gone)
    with pytest.raises(OperationalError):
        press.step()
    assert saying(HEADLINE) == [] and saying("zorvex") == []
    # Nearly every page stands around a fragment: those stay, without what it held.
    assert reader.status("fragment:editors-picks:en") == 200
    assert reader.status("/robots.txt") == 200
    assert is_live(story)
    monkeypatch.undo()
    press.run_dry()
    assert not is_live(story) and saying(HEADLINE) == [] and reader.status("/") == 200


def test_nothing_is_printed_while_the_takedown_cannot_be_done(
    press, story, data, saying, monkeypatch
):
    press.run_dry()
    listed(data)

    def locked(_data):
        raise OperationalError("database is locked")

    monkeypatch.setattr(withdrawals, "_settlers", [locked])
    for _attempt in range(3):
        with pytest.raises(OperationalError):
            press.step()
    assert saying(HEADLINE) == []
    monkeypatch.undo()
    press.run_dry()
    assert saying(HEADLINE) == [] and not is_live(story)


def test_an_older_copy_of_the_database_does_not_bring_it_back(press, story, data, saying, stories):
    press.run_dry()
    actions.take_down(stories, story, reason="x")
    press.run_dry()
    # The copy is from before: the story is live, and nobody has ever heard of a takedown.
    Takedown.objects.all().delete()
    StoryPage.objects.filter(pk=story.pk).update(live=True)
    press.shelf.note(mark="of another time")
    press.run_dry()
    assert not is_live(story) and saying(HEADLINE) == []
    assert Takedown.objects.get().reason == "x"


def test_a_shelf_made_anew_does_not_bring_it_back(press, story, data, saying, stories):
    press.run_dry()
    actions.take_down(stories, story, reason="x")
    StoryPage.objects.filter(pk=story.pk).update(live=True)  # SQL of somebody's own
    press.close()
    (data / "shelf.db").unlink()
    again = OwnPress(data)
    again.run_dry()
    again.close()
    assert not is_live(story) and saying(HEADLINE) == []


def test_the_list_is_written_from_the_rows_where_it_was_lost_or_never_was(
    press, story, data, stories
):
    row = actions.take_down(stories, story, reason="x", sentence="Because.")
    (data / NAME).unlink()
    again = OwnPress(data)  # another machine, or this one after its disk was changed
    again.run_dry()
    again.close()
    one = takedowns.read(data).down[row.key]
    assert (one.say, one.reason) == ("Because.", "x")
    assert "/news/zorvex/" in one.addresses and one.keys


def test_a_row_made_on_another_machine_reaches_this_newsstands_list(press, story, data, stories):
    press.run_dry()
    Takedown.objects.create(
        key="abc", kind="story", thing=str(story.pk), path="/news/zorvex/", at=timezone.now()
    )
    press.run_dry()
    assert takedowns.read(data).at("/news/zorvex/")
    assert not is_live(story)


def test_lifted_anywhere_is_lifted_everywhere(press, story, data, stories):
    row = actions.take_down(stories, story, reason="x")
    press.run_dry()
    takedowns.lift(data, row.key, "night (command line)")
    press.run_dry()
    row.refresh_from_db()
    assert row.lifted_at and row.lifted_by_name == "night (command line)"
    second = actions.take_down(stories, story, reason="y")
    press.run_dry()
    second.lifted_at = timezone.now()
    second.save()
    press.run_dry()
    assert not takedowns.read(data).down


def test_an_address_that_nothing_has_stays_closed_and_is_listed(press, data):
    listed(data, "/news/never-was/")
    press.run_dry()
    row = Takedown.objects.get()
    assert (row.kind, row.thing, row.path) == ("", "", "/news/never-was/")
    assert takedowns.read(data).at("/news/never-was/")


def test_an_id_of_another_database_takes_no_innocent_story_down(press, section, data):
    innocent = a_story(section, "Innocent")
    one = Withdrawn(
        id="one",
        path="/news/zorvex/",
        kind="story",
        thing=str(innocent.pk),
        title=HEADLINE,
    )
    takedowns.take_down(data, one)
    press.run_dry()
    assert is_live(innocent) and Takedown.objects.get().thing == ""


def test_settling_when_nothing_is_to_be_done_changes_nothing(press, story, data, stories):
    actions.take_down(stories, story, reason="x")
    settling.settle(data)
    before = (data / NAME).read_bytes()
    assert settling.settle(data) is False
    assert (data / NAME).read_bytes() == before


def test_the_shelf_alone_tells_what_else_shows_a_story(press, story, data):
    from wagtail.contrib.redirects.models import Redirect

    from nightdesk.press import outbox
    from nightdesk.press.shelf.format import hashed

    Redirect.add_redirect("/old/zorvex/", redirect_to=story)
    outbox.note((), (), ["/old/zorvex/"])
    press.run_dry()
    known = on_shelf.look_up(data, "/old/zorvex")
    assert known.path == "/news/zorvex/" and not known.refused
    assert {"/old/zorvex/", "/news/zorvex/"} <= set(known.described["paths"])
    assert set(known.described["keys"]) == {hashed(key) for key in kinds.named("story").keys(story)}
    assert known.described["title"] == HEADLINE
    assert on_shelf.look_up(data, "/news/").refused
    assert on_shelf.look_up(data, "/").refused
