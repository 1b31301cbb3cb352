"""An editor who changes something finds it changed for readers, or is told that it is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from nightdesk.press.printing.loop import Press
from nightdesk.press.printing.wake import Wake
from nightdesk.stories.models import StoryPage
from tests.faults.editor import as_it_stands, one_paragraph
from tests.making import a_story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def working(newsroom, settings, tmp_path: Path) -> Iterator[Path]:
    """A press at work in a thread of its own, with the site's own data folder."""
    settings.DATA = tmp_path
    stop, ready = threading.Event(), threading.Event()

    def work() -> None:
        press = Press(tmp_path)
        press.run_dry()
        ready.set()
        while not stop.is_set():
            if not press.step():
                press.wake.wait(0.25, stop)
        press.close()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(60)
    yield tmp_path
    stop.set()
    thread.join(10)


@pytest.fixture
def idle(newsroom, settings, tmp_path: Path) -> Path:
    """A shelf whose press has ended."""
    settings.DATA = tmp_path
    press = Press(tmp_path)
    press.run_dry()
    press.close()
    return tmp_path


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def unpublish(client, story):
    return client.post(reverse("wagtailadmin_pages:unpublish", args=[story.pk]))


def test_an_unpublished_story_is_gone_when_the_admin_answers(working, reader, section, signed_in):
    client = signed_in("desk-chief")
    story = a_story(section, "Takes it back")
    wait_for(lambda: reader.status(story.url) == 200)
    response = unpublish(client, story)
    assert reader.status(story.url) == 0
    assert "press" not in said(response)


def test_an_editor_is_told_when_readers_may_still_see_what_was_withdrawn(
    idle, reader, section, signed_in
):
    client = signed_in("desk-chief")
    story = a_story(section, "Still there")
    response = unpublish(client, story)
    assert "readers may still see /news/still-there/:" in said(response)


def test_reading_the_admin_and_saving_nothing_waits_for_nobody(idle, signed_in, newsroom):
    client = signed_in("desk-chief")
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200 and said(response) == ""


def wait_for(what) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_press_notices_another_connections_commit_at_once(newsroom, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is simply asked again")
    wake = Wake()
    assert wake.changed() and not wake.changed()

    def change() -> None:
        newsroom.title = "Another name"
        newsroom.save()
        connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()
    assert wake.changed() and not wake.changed()


def test_an_editor_is_told_why_what_they_published_cannot_be_shown(
    working, reader, section, signed_in, monkeypatch
):
    client = signed_in("desk-chief")
    story = a_story(section, "Breaks")
    wait_for(lambda: reader.status(story.url) == 200)

    def broken(*_args, **_kwargs):
        raise ValueError("the table has no rows")

    monkeypatch.setattr(StoryPage, "get_context", broken)
    client.raise_request_exception = False  # the press's, in its own thread, is not ours
    address = reverse("wagtailadmin_pages:edit", args=[story.pk])
    form = _form(client.get(address).content.decode())
    response = client.post(address, form | {"title": "Broken", "action-publish": "1"})
    assert response.status_code == 302
    assert "cannot be shown to readers" in said(response)
    assert "the table has no rows" in said(response)
    assert "Breaks" in reader.text(story.url)


def test_whoever_publishes_lands_on_the_page_that_readers_get(working, reader, section, signed_in):
    client = signed_in("desk-chief")
    story = a_story(section, "Old words")
    address = reverse("wagtailadmin_pages:edit", args=[story.pk])
    form = _form(client.get(address).content.decode())
    response = client.post(address, form | {"title": "New words", "action-publish": "1"})
    assert response["Location"] == story.url
    assert "New words" in reader.text(story.url)
    form = _form(client.get(address).content.decode())
    kept = client.post(address, form | {"title": "A draft"})
    assert kept["Location"] == address
    assert "New words" in reader.text(story.url)


def _form(page: str) -> dict[str, object]:
    form = BeautifulSoup(page, "html.parser").select_one("#page-edit-form")
    return as_it_stands(form) | one_paragraph("It was said.")
