"""Take down in the admin: one button for those who may, and an honest answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nightdesk.press.purging import recall, recalled
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.write import Shelf
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions, kinds
from nightdesk.takedown.models import Takedown
from tests.making import a_brief, a_picture, a_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(data):
    """A press has been at work on this machine."""
    Shelf.open(data).close()


@pytest.fixture
def story(section, data):
    return a_story(section, "Zorvex endangered", slug="zorvex")


def address(kind: str, thing) -> str:
    return reverse("take_down", args=[kind, thing.pk])


def test_the_button_stands_above_story_brief_and_picture_for_those_who_may(
    story, newsroom, signed_in, data
):
    client = signed_in("editor")
    brief, picture = a_brief(newsroom.locale), a_picture()
    for form, kind, thing in (
        (reverse("wagtailadmin_pages:edit", args=[story.pk]), "story", story),
        (reverse("wagtailimages:edit", args=[picture.pk]), "picture", picture),
        (reverse("wagtailsnippets_briefs_brief:edit", args=[brief.pk]), "brief", brief),
        (reverse("wagtailsnippets_briefs_brief:list"), "brief", brief),
    ):
        assert address(kind, thing) in client.get(form).content.decode(), form


def test_a_reporter_neither_sees_the_button_nor_gets_past_it(story, signed_in):
    client = signed_in("reporter")
    for url in (address("story", story), reverse("taken_down")):
        assert client.get(url).status_code in (302, 403), url
    client.post(address("story", story), {"reason": "x"})
    assert StoryPage.objects.get(pk=story.pk).live
    assert address("story", story) not in client.get(reverse("stories:index")).content.decode()


def test_an_editor_takes_a_story_down_with_a_reason_and_a_sentence(story, signed_in, data):
    client = signed_in("editor")
    page = client.get(address("story", story)).content.decode()
    assert "/news/zorvex/" in page and "the Internet Archive" in page.replace("The", "the")
    response = client.post(
        address("story", story), {"reason": "She asked us.", "sentence": "By request."}
    )
    row = Takedown.objects.get()
    assert response["Location"] == reverse("taken_down_one", args=[row.pk])
    assert (row.by, row.by_name, row.reason) == (client.user, "editor", "She asked us.")
    assert takedowns.read(data).down[row.key].say == "By request."
    assert not StoryPage.objects.get(pk=story.pk).live
    seen = client.get(response["Location"]).content.decode()
    assert "Our own server answers" in seen and "She asked us." in seen
    assert client.get(address("story", story))["Location"] == response["Location"]


def test_a_reason_is_asked_for(story, signed_in):
    client = signed_in("editor")
    response = client.post(address("story", story), {"reason": " "})
    assert response.status_code == 200 and StoryPage.objects.get(pk=story.pk).live


def test_when_it_cannot_be_written_down_the_editor_hears_what_to_do(story, signed_in, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(takedowns, "_append", full)
    page = signed_in("editor").post(address("story", story), {"reason": "x"}, follow=True)
    text = page.content.decode()
    assert "Nothing was taken down" in text and "No space left" in text
    assert StoryPage.objects.get(pk=story.pk).live


def test_a_translation_is_named_because_it_is_a_story_of_its_own(story, newsroom, signed_in):
    from wagtail.models import Locale

    from nightdesk.fronts.models import HomePage
    from nightdesk.stories.models import SectionPage

    ukrainian = Locale.objects.get(language_code="uk")
    home = HomePage.objects.get(locale=ukrainian)
    section = SectionPage.objects.child_of(home).first() or home.add_child(
        instance=SectionPage(title="Світ", slug="svit", locale=ukrainian)
    )
    other = a_story(section, "Зорвекс", translation_key=story.translation_key)
    page = signed_in("editor").get(address("story", story)).content.decode()
    assert address("story", other) in page


def test_the_list_says_of_each_how_it_stands(story, section, signed_in, stories, data):
    over = actions.take_down(stories, a_story(section, "Once down"), reason="a mistake")
    actions.lift(over, name="boris")
    actions.take_down(stories, story, reason="danger", name="anna")
    page = signed_in("editor").get(reverse("taken_down")).content.decode()
    assert page.index("Zorvex endangered") < page.index("Once down")
    for words in ("danger", "anna", "Lifted", "boris", "Our own server answers"):
        assert words in page, words


def test_an_editor_lifts_it_after_being_asked_once_more(story, signed_in, stories, data):
    client = signed_in("editor")
    row = actions.take_down(stories, story, reason="danger")
    lift = reverse("lift_takedown", args=[row.pk])
    assert "it stays a draft" in client.get(lift).content.decode()
    assert takedowns.read(data).down
    response = client.post(lift)
    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[story.pk])
    assert not takedowns.read(data).down
    assert not StoryPage.objects.get(pk=story.pk).live


@pytest.mark.parametrize(
    ("gone", "trouble", "said"),
    [
        (1_795_000_000.5, "", "Gone at the CDN at"),
        (None, "cdn answers /news/zorvex/ with status 200.", "Not gone at the CDN: cdn answers"),
    ],
)
def test_the_cdn_is_said_to_be_without_it_only_when_it_was_asked(
    gone, trouble, said, story, stories, data, signed_in, settings, monkeypatch
):
    monkeypatch.setitem(settings.NIGHTDESK._values, "NIGHTDESK_CDN", "varnish")
    row = actions.take_down(stories, story, reason="x")
    recaller = recall.Recall(data, None, "https://news.example")
    recaller._db.execute(
        "INSERT INTO recall (id, path, asked, gone, trouble) VALUES (?, '', 0, ?, ?)",
        (row.key, gone, trouble),
    )
    recaller.close()
    assert recalled.state(data, row.key).gone == gone
    page = signed_in("editor").get(reverse("taken_down_one", args=[row.pk])).content.decode()
    assert said in page
    assert ("help-critical" in page) == bool(trouble)


def test_where_the_newsstand_runs_on_another_machine_nobody_claims_to_have_seen_it(
    story, stories, data, signed_in
):
    for file in data.glob("shelf.db*"):
        file.unlink()
    row = actions.take_down(stories, story, reason="x")
    page = signed_in("editor").get(reverse("taken_down_one", args=[row.pk])).content.decode()
    assert "which run on other machines" in page and "Our own server answers" not in page


def test_kinds_that_nobody_knows_are_not_found(signed_in, newsroom, data):
    assert signed_in("editor").get("/admin/take-down/nothing/1/").status_code == 404
    assert {kind.name for kind in kinds.every()} == {
        *("story", "brief", "coverage", "update", "picture", "audio")
    }


def test_whoever_signed_in_long_ago_proves_first_that_it_is_them(story, signed_in):
    """A session left open on a shared computer takes nothing down."""
    client = signed_in("editor")
    client.force_login(client.user)  # a session without any proof in it
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    page = client.post(address("story", story), {"reason": "She asked us."})
    assert page.status_code == 403
    assert "Show that it is you" in page.content.decode()
    assert StoryPage.objects.get(pk=story.pk).live
