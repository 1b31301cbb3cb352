"""A protected name is heard nowhere: not in a byline, a text, a spoken version, a list of names."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from nightdesk.narration import reader
from nightdesk.narration.models import Narration, Pronunciation, StoryAudio
from nightdesk.people.models import Author, Desk
from nightdesk.people.protecting import actions
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]

NAME = "Olena Sydorenko"


def read_all() -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while reader.read_next():
            pass


def words_of(settings, row: Narration) -> str:
    """All that is written in its files and its row."""
    files = [(Path(settings.MEDIA_ROOT) / name).read_bytes() for name in row.files]
    return str(row.cues) + "".join(file.decode("latin-1") for file in files)


@pytest.fixture
def author(section):
    return Author.objects.create(name=NAME, slug="olena-sydorenko", locale=section.locale)


@pytest.fixture
def desk(section):
    return Desk.objects.create(name="Night desk", slug="night-desk", locale=section.locale)


@pytest.fixture
def stories(section, author):
    signed = a_story(section, "A bridge is closed", signed_by=[author])
    naming = a_story(section, "Who was there", body=f"<p>{NAME} was there.</p>")
    spoken = a_story(section, "Said otherwise", body="<p>Somebody was there.</p>")
    StoryAudio.objects.create(story=spoken, spoken=f"{NAME} was there, too.")
    for story in (signed, naming, spoken):
        StoryPage.objects.get(pk=story.pk).save_revision().publish()
    read_all()
    return signed, naming, spoken


def test_it_is_silent_at_once_and_read_anew_by_the_desk(
    stories, author, desk, settings, django_capture_on_commit_callbacks
):
    before = list(Narration.objects.all())
    assert all("Sydorenko" in words_of(settings, row) for row in before)
    with django_capture_on_commit_callbacks(execute=True):
        actions.protect(actions.Order(author, desk))
    rows = list(Narration.objects.all())
    assert [row.shown for row in rows] == [False, False, False]
    assert not any((Path(settings.MEDIA_ROOT) / name).exists() for r in before for name in r.files)
    read_all()
    rows = list(Narration.objects.all())
    assert [row.shown for row in rows] == [True, True, True]
    assert not any("Sydorenko" in words_of(settings, row) for row in rows)
    assert "Night desk" in words_of(settings, Narration.objects.get(story=stories[0]))


def test_the_list_of_names_forgets_it(author, desk):
    Pronunciation.objects.create(language="en", term=NAME, says="oh-LEH-nah sih-doh-REHN-koh")
    actions.protect(actions.Order(author, desk))
    assert not Pronunciation.objects.filter(term__contains="Sydorenko").exists()
