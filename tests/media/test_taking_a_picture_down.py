"""A picture that is taken down: its files are nobody's, and every page is printed without it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from django.urls import reverse

from nightdesk.media.access import may_see
from nightdesk.media.models import Picture
from nightdesk.press.shelf import takedowns
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions, kinds
from tests.making import a_brief, a_picture, a_story
from tests.media.test_adding_a_picture import a_photo
from tests.takedown.conftest import data, press, reader, saying

__all__ = ["data", "press", "reader", "saying"]

ALT = "Zorvex at the window"


@pytest.fixture
def picture(newsroom):
    return a_picture(ALT, caption="Zorvex, before she left.")


@pytest.fixture
def story(section, picture):
    body = [
        ("text", "<p>The text.</p>"),
        ("picture", {"picture": picture, "caption": "", "credit": ""}),
    ]
    return a_story(section, "A story", lead_picture=picture, body=body, slug="a-story")


@pytest.fixture
def pictures():
    return kinds.named("picture")


@pytest.mark.django_db(transaction=True)
def test_its_files_lie_where_nothing_hands_them_out_and_come_back_when_lifted(
    picture, story, pictures, data, signed_in
):
    public = picture.public_names()
    user = signed_in("editor").user
    assert all(may_see(name, None) for name in public)
    row = actions.take_down(pictures, picture, reason="x")
    picture = Picture.objects.get(pk=picture.pk)
    assert not any(default_storage.exists(name) for name in public)
    for name in (*public, *picture.files()):
        assert not may_see(name, None) and not may_see(name, user), name
    assert all(default_storage.exists(name) for name in picture.files())
    actions.lift(row)
    assert all(default_storage.exists(name) and may_see(name, None) for name in public)
    assert Picture.objects.get(pk=picture.pk).src


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_its_files_were_moved_is_made_good(picture, pictures, data, monkeypatch):
    from nightdesk.media import takedown as of_pictures

    monkeypatch.setattr(of_pictures, "move_away", lambda _picture: None)
    row = actions.take_down(pictures, picture, reason="x")
    monkeypatch.undo()
    assert default_storage.exists(picture.public_names()[0])
    actions.keep_down(row)
    assert not any(default_storage.exists(name) for name in picture.public_names())


@pytest.mark.django_db(transaction=True)
def test_a_deleted_picture_leaves_no_file_behind_though_it_was_down(picture, pictures, data):
    actions.take_down(pictures, picture, reason="x")
    picture = Picture.objects.get(pk=picture.pk)
    names = picture.files()
    picture.delete()
    assert not any(default_storage.exists(name) for name in names)


def test_stories_briefs_and_lists_are_printed_without_it_and_with_no_broken_picture(
    press, newsroom, picture, story, pictures, reader, saying, data
):
    a_brief(newsroom.locale, "A thing.", picture=picture)
    press.run_dry()
    stem = f"/media/pictures/{picture.token}-"
    assert {"/news/a-story/", "/", "/news/"} <= set(saying(stem))
    actions.take_down(pictures, picture, reason="x")
    press.step()
    assert saying(stem) == []
    press.run_dry()
    assert saying(stem) == [] and saying("Zorvex") == []
    page = BeautifulSoup(reader.text("/news/a-story/"), "html.parser")
    assert page.select("article.story") and not page.select("article.story figure, img[src='']")
    assert not BeautifulSoup(reader.text("/news/"), "html.parser").select(".teaser__picture")
    assert "taken down" not in page.text
    assert not press.shelf.state()["trouble"]


def test_the_list_names_every_file_of_it(picture, pictures, data):
    actions.take_down(pictures, picture, reason="x", sentence="By request.")
    (one,) = takedowns.read(data).down.values()
    assert one.stems == (f"pictures/{picture.token}",)
    assert set(one.files) == set(picture.public_names())
    assert one.path == f"/media/pictures/{picture.token}-1200.jpg"


def test_an_address_of_any_of_its_files_stands_for_it(picture):
    for name in picture.public_names():
        kind, thing = kinds.find(f"/media/{name}")
        assert (kind.name, thing.pk) == ("picture", picture.pk)
    assert kinds.find("/media/masters/x.jpg") is None


def test_whoever_previews_a_draft_that_uses_it_is_told(picture, story, pictures, data, signed_in):
    client = signed_in("editor")
    actions.take_down(pictures, picture, reason="x")
    draft = StoryPage.objects.get(pk=story.pk)
    draft.title = "A draft"
    draft.save_revision()
    seen = client.get(reverse("wagtailadmin_pages:view_draft", args=[story.pk])).content.decode()
    assert "The picture that stood here has been taken down." in seen
    assert f"pictures/{picture.token}" not in seen
    assert str(Picture.objects.get(pk=picture.pk)) == f"{ALT} (taken down)"


def test_it_is_not_shown_again_by_saving_its_form(picture, pictures, data, signed_in):
    client = signed_in("editor")
    default_storage.save(picture.file.name, a_photo())
    actions.take_down(pictures, picture, reason="x")
    form = {"title": ALT, "alt": "Another word", "credit": "A. P.", "tags": ""}
    client.post(reverse("wagtailimages:edit", args=[picture.pk]), form)
    picture.refresh_from_db()
    assert picture.alt == "Another word" and picture.taken_down
