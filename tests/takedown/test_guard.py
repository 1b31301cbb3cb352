"""Whoever publishes what is down, in whatever way, is refused in plain words."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from nightdesk.exchange.importing import import_sources
from nightdesk.press import clock
from nightdesk.press.withdrawals import WithdrawnError
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions, kinds
from tests.faults.editor import as_it_stands, one_paragraph
from tests.making import a_brief, a_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def down(section, stories, data):
    story = a_story(section, "Zorvex endangered", slug="zorvex")
    actions.take_down(stories, story, reason="danger")
    return StoryPage.objects.get(pk=story.pk)


def is_live(story) -> bool:
    return type(story).objects.get(pk=story.pk).live


def test_a_story_is_not_published_again(down):
    with pytest.raises(WithdrawnError, match="has been taken down and cannot be published"):
        down.save_revision().publish()
    assert not is_live(down)


def test_a_brief_is_not_published_again(newsroom, data):
    brief = a_brief(newsroom.locale, "Zorvex was here.")
    actions.take_down(kinds.named("brief"), brief, reason="danger")
    brief.refresh_from_db()
    with pytest.raises(WithdrawnError):
        brief.save_revision().publish()
    assert not is_live(brief)


def test_the_clock_publishes_nothing_that_is_down_and_says_so_once(section, stories, data, caplog):
    story = a_story(section, "Zorvex endangered", live=False)
    story.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    story.save_revision().publish()
    actions.take_down(stories, story, reason="danger")
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    later = StoryPage.objects.get(pk=story.pk)
    later.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    later.save_revision().publish()  # planned by something that asks nobody
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2), tick=False):
        clock.tick()
        assert "taken off the schedule" in caplog.text
        caplog.clear()
        clock.tick()
    assert not is_live(story) and "schedule" not in caplog.text


def test_an_import_does_not_bring_a_deleted_story_back_to_its_address(
    section, stories, data, tmp_path, capsys
):
    text = (
        "Zorvex endangered\n\nBy Ada Lind\n\nMarch 3, 2024 10:00\n\n"
        + "She was seen at the bridge, said somebody who was there that day. " * 5
    )
    page = tmp_path / "story.txt"
    page.write_text(text)
    import_sources([str(page)])
    story = StoryPage.objects.get(title="Zorvex endangered")
    story.save_revision().publish()
    actions.take_down(stories, StoryPage.objects.get(pk=story.pk), reason="danger")
    import_sources([str(page)])
    assert not is_live(story)
    StoryPage.objects.get(pk=story.pk).delete()
    with pytest.raises(WithdrawnError):
        a_story(section, "Zorvex endangered", slug=story.slug)


def test_other_stories_and_what_was_lifted_are_published(section, down, stories):
    a_story(section, "Another").save_revision().publish()
    actions.lift(actions.in_force(stories, down))
    down.save_revision().publish()
    assert is_live(down)


def test_a_draft_of_it_can_still_be_written(down):
    down.title = "Without a name"
    down.save_revision()
    assert down.get_latest_revision_as_object().title == "Without a name"


def test_an_editor_who_presses_publish_keeps_the_text_as_a_draft_and_is_told(down, signed_in):
    from bs4 import BeautifulSoup
    from django.contrib.messages import get_messages

    client = signed_in("editor")
    address = reverse("wagtailadmin_pages:edit", args=[down.pk])
    page = client.get(address).content.decode()
    assert 'name="action-publish"' not in page
    form = as_it_stands(BeautifulSoup(page, "html.parser").select_one("#page-edit-form"))
    form |= one_paragraph("Typed for an hour.") | {"title": "Milder", "action-publish": "1"}
    response = client.post(address, form)
    told = " ".join(map(str, get_messages(response.wsgi_request)))
    assert "has been taken down and cannot be published" in told
    assert not is_live(down)
    draft = StoryPage.objects.get(pk=down.pk).get_latest_revision_as_object()
    assert draft.title == "Milder" and "Typed for an hour." in str(draft.body)


def test_every_other_way_of_the_admin_answers_with_a_sentence(down, signed_in):
    client = signed_in("desk-chief")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{address}?id={down.pk}", {"id": down.pk}, follow=True)
    assert response.status_code == 200
    assert "has been taken down" in response.content.decode()
    assert not is_live(down)
