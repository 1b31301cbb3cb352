"""What readers, machines and podcast programs get of a story that is read aloud."""

from __future__ import annotations

import datetime
import json
import re

import feedparser
import pytest
import time_machine
from django.utils import timezone

from nightdesk.narration import flow, reader
from nightdesk.narration.heard import BY_A_PERSON, BY_MACHINE
from nightdesk.narration.models import Narration, VoiceChoice
from nightdesk.press.dependencies import collecting
from nightdesk.press.models import OutboxEntry
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]

LINE = "This audio is created with AI assistance"


@pytest.fixture
def story(section):
    story = a_story(section, "Bakhmut could fall", body="<p>It could fall. It cost $2.5B.</p>")
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while reader.read_next():
            pass
    return StoryPage.objects.get(pk=story.pk)


def page_of(client, story):
    return client.get(story.url).content.decode()


def articles(page):
    graph = json.loads(re.search(r'application/ld\+json">(.*?)</script>', page, re.S)[1])
    return [one for one in graph["@graph"] if "Article" in one["@type"]]


def test_the_page_has_a_player_that_loads_nothing_and_the_line_above_it(client, story):
    page = page_of(client, story)
    row = Narration.objects.get()
    assert f'<audio controls preload="none" src="/media/{row.audio}"' in page
    assert page.index(LINE) < page.index("<audio")
    assert f'<track kind="metadata" src="/media/{row.timings}">' in page
    assert "listen 1 min" in page


def test_machines_are_told_that_a_machine_made_it(client, story):
    [article] = articles(page_of(client, story))
    sound = article["audio"]
    assert sound["@type"] == "AudioObject"
    assert sound["digitalSourceType"] == BY_MACHINE
    assert sound["contentUrl"].endswith(Narration.objects.get().audio)
    assert sound["contentSize"] == str(Narration.objects.get().audio_bytes)


def test_a_persons_recording_has_neither_line_nor_mark(client, story):
    Narration.objects.update(human=True)
    page = page_of(client, story)
    assert LINE not in page and "<audio" in page
    assert articles(page)[0]["audio"]["digitalSourceType"] == BY_A_PERSON


def test_the_newsroom_words_the_line(client, story):
    VoiceChoice.objects.update(disclosure="Read by a computer")
    page = page_of(client, story)
    assert "Read by a computer" in page and LINE not in page


def test_a_story_without_sound_has_no_player(client, section):
    page = page_of(client, a_story(section))
    assert "nd-player" not in page and "listen" not in page


def test_the_files_are_handed_to_anybody_while_it_is_heard_and_to_nobody_after(client, story):
    row = Narration.objects.get()
    for name in row.files:
        answer = client.get(f"/media/{name}")
        answer.close()
        assert answer.status_code == 200, name
        assert "immutable" in answer["Cache-Control"]
    flow.pull([story.pk])
    for name in row.files:
        # Also while the newsstand cannot say so itself, because everything is printed anew.
        assert client.get(f"/media/{name}").status_code == 410
    assert client.get("/media/audio/somebody-guessed.mp3").status_code == 404


@pytest.mark.parametrize("place", ["/feeds/podcast.xml", "/feeds/{section}/podcast.xml"])
def test_podcast_programs_get_it_with_its_true_length_and_an_id_that_stays(
    client, section, story, place
):
    row = Narration.objects.get()
    answer = client.get(place.format(section=section.slug))
    feed = feedparser.parse(answer.content)
    assert feed.bozo == 0
    [episode] = feed.entries
    [enclosure] = episode.enclosures
    assert enclosure["href"].endswith(f"/media/{row.podcast}")
    assert enclosure["type"] == "audio/mpeg"
    assert int(enclosure["length"]) == row.podcast_bytes
    assert len(client.get(f"/media/{row.podcast}").getvalue()) == row.podcast_bytes
    text = answer.content.decode()
    assert row.transcript in text and BY_MACHINE in text
    before = episode.id
    flow.pull([story.pk])
    assert feedparser.parse(client.get(place.format(section=section.slug)).content).entries == []
    flow.want(story)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while reader.read_next():
            pass
    [again] = feedparser.parse(client.get(place.format(section=section.slug)).content).entries
    assert again.id == before


@pytest.mark.parametrize("place", ["/feeds/podcast.xml", "/feeds/{section}/podcast.xml"])
def test_the_podcast_is_printed_anew_when_a_story_in_it_is_read_anew(client, section, story, place):
    """An edit that is no correction: list and card are as they were, the file is another."""
    before = Narration.objects.get().podcast
    with collecting() as read:
        assert before in client.get(place.format(section=section.slug)).content.decode()
    block = story.body[0]
    block.value.source = "<p>It could fall. It cost $3B.</p>"
    story.save_revision().publish()
    OutboxEntry.objects.all().delete()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while reader.read_next():
            pass
    assert Narration.objects.get().podcast not in ("", before)
    told = {key for entry in OutboxEntry.objects.all() for key in entry.keys}
    assert told & read.keys


def test_another_sections_podcast_does_not_have_it(client, section, story):
    other = section.get_parent().add_child(
        instance=type(section)(title="World", slug="world", locale=section.locale)
    )
    assert feedparser.parse(client.get(f"/feeds/{other.slug}/podcast.xml").content).entries == []
