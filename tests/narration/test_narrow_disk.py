"""On a narrow disk new audio stops first, says so, and goes on by itself."""

from __future__ import annotations

import datetime
import os
import time

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from nightdesk.kernel import disk
from nightdesk.narration import flow, reader
from nightdesk.narration.models import Narration
from nightdesk.people.models import User
from nightdesk.press import alarms
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]


@pytest.fixture
def left(monkeypatch):
    """The share of the disk that is free, to be changed."""
    free = {"share": 0.5}
    monkeypatch.setattr(disk, "share", lambda _place: free["share"])
    return free


@pytest.fixture
def story(section):
    story = a_story(section, "Bakhmut could fall", body="<p>It could fall.</p>")
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("chief", password="night-desk"))
    return client


def test_a_story_waits_until_there_is_room_and_is_read_then_by_itself(story, left):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        left["share"] = 0.099
        assert reader.read_next() is False
        row = Narration.objects.get()
        assert (row.state, row.attempt) == ("waiting", 0)
        left["share"] = 0.101
        assert reader.read_next() is True
    assert Narration.objects.get().shown


def test_the_newsroom_is_told_where_it_looks(story, left, editor):
    said = "Only 7 % of the newsroom’s disk is free, so no new audio is made until it is 10 %."
    places = (reverse("narrations"), reverse("story_aloud", args=[story.pk]))
    assert not any(said in editor.get(place).content.decode() for place in places)
    assert not any("new audio" in sentence for sentence in alarms.sentences())
    left["share"] = 0.079
    assert all(said in editor.get(place).content.decode() for place in places)
    assert any(said in sentence for sentence in alarms.sentences())
    sent = {"term": "It", "says": "EET", "sentence": "It could fall."}
    heard = editor.post(reverse("hear_a_name", args=[story.pk]), sent)
    assert heard.status_code == 422 and said in heard.json()["error"]


def test_sentences_that_nobody_used_today_make_room(left, settings):
    kept = flow.workshop() / "sentences" / "ab"
    kept.mkdir(parents=True)
    for name, days in (("old.flac", 2), ("new.flac", 0)):
        (kept / name).write_bytes(b"sound")
        os.utime(kept / name, (time.time() - days * 86_400,) * 2)
    flow._last_tidied.clear()
    flow.tidy(timezone.now())
    assert (kept / "old.flac").exists()
    left["share"] = 0.05
    flow._last_tidied.clear()
    flow.tidy(timezone.now())
    assert sorted(file.name for file in kept.iterdir()) == ["new.flac"]
