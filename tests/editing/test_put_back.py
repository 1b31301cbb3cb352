"""Text that was kept in the browser comes back into the form, and only its account is told of it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from nightdesk.briefs.models import Brief
from nightdesk.fronts.models import EditorsPicks, Pick
from nightdesk.stories.models import StoryPage, Topic
from tests.editing.conftest import Editor, edit_of, words

pytestmark = pytest.mark.django_db

BACK = {"what_becomes_of_it": "put_back"}
NAME = {"kept_text": "0123456789abcdef"}


def test_a_storys_text_comes_back_into_its_form_and_is_not_saved(petro, story):
    address = edit_of(story)
    kept = petro.write(address, title="typed on the train", standfirst="<b>&")
    answer = petro.post(address, kept | BACK)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form["title"].value() == "typed on the train"
    assert form["standfirst"].value() == "<b>&"
    page = answer.content.decode()
    assert "Seen from the bank." in page and "It rises" not in page.split("w-edit-handler")[0]
    assert 'data-w-unsaved-force-value="true"' in page
    assert "Look at it, and save." in words(answer)
    assert StoryPage.objects.get().get_latest_revision_as_object().title == "The river"
    assert story.revisions.count() == 1


def test_put_back_over_a_newer_version_shows_both(olha, petro, story):
    address = edit_of(story)
    kept = petro.write(address, title="typed on the train")
    olha.post(address, olha.write(address, title="meanwhile"))
    answer = petro.post(address, kept | BACK)
    assert answer.status_code == 409
    petro.press(answer, "Keep mine")
    assert StoryPage.objects.get().get_latest_revision_as_object().title == "typed on the train"


def test_a_new_storys_text_comes_back(petro, section):
    add = f"/admin/pages/add/stories/storypage/{section.pk}/"
    kept = petro.write(add, title="typed on the train")
    answer = petro.post(add, kept | BACK)
    assert answer.context["form"]["title"].value() == "typed on the train"
    assert not StoryPage.objects.exists()
    assert petro.post(add, kept).status_code == 302
    assert StoryPage.objects.get().title == "typed on the train"


def test_a_new_storys_text_comes_back_though_a_draft_of_it_was_saved(petro, section):
    add = f"/admin/pages/add/stories/storypage/{section.pk}/"
    kept = petro.write(add, title="begun")
    petro.post(add, kept, HTTP_ACCEPT="application/json")
    kept |= {"title": "begun, and more"}
    assert petro.post(add, kept | BACK).context["form"]["title"].value() == "begun, and more"
    petro.post(add, kept)
    assert StoryPage.objects.get().title == "begun, and more"


def test_a_briefs_text_comes_back(petro, newsroom):
    add = reverse(Brief.snippet_viewset.get_url_name("add"))
    answer = petro.post(add, petro.form(add, text="The gauge reads") | BACK)
    assert answer.context["form"]["text"].value() == "The gauge reads"
    short = reverse("short_brief")
    answer = petro.post(short, petro.form(short, text="The gauge") | BACK)
    assert answer.context["form"]["text"].value() == "The gauge"
    assert 'data-w-unsaved-force-value="true"' in answer.content.decode()
    assert not Brief.objects.exists()


def test_a_boards_rows_come_back_though_they_are_gone(petro, newsroom, section):
    story = section.add_child(instance=StoryPage(title="one"))
    board = EditorsPicks.objects.get(locale=newsroom.locale)
    Pick.objects.create(board=board, story=story)
    kept = petro.form(edit_of(board))
    assert kept["picks-0-story"] == str(story.pk)
    kept |= {"picks-0-id": "987654"}
    answer = petro.post(edit_of(board), kept | BACK)
    assert answer.status_code == 200
    assert [row["story"].value() for row in answer.context["form"].formsets["picks"].forms] == [
        str(story.pk)
    ]


def cookie(answer, name: str) -> str | None:
    return answer.cookies[name].value if name in answer.cookies else None


def test_a_form_that_was_saved_says_so_to_the_script_and_one_that_was_not_does_not(
    olha, petro, story, newsroom
):
    address = edit_of(story)
    stale = petro.write(address)
    assert (
        cookie(petro.post(address, petro.write(address) | NAME), "nightdesk_saved")
        == (NAME["kept_text"])
    )
    both = cookie(
        petro.post(address, petro.write(address) | {"kept_text": "fedcba9876543210"}),
        "nightdesk_saved",
    )
    assert both == f"{NAME['kept_text']}.fedcba9876543210"
    del petro.cookies["nightdesk_saved"]
    nonsense = petro.write(address) | {"kept_text": "x; path=/"}
    assert cookie(petro.post(address, nonsense), "nightdesk_saved") is None
    differs = petro.post(address, stale | NAME)
    assert differs.status_code == 409
    assert cookie(differs, "nightdesk_saved") is None
    assert cookie(petro.press(differs, "Keep mine"), "nightdesk_saved") == NAME["kept_text"]
    del petro.cookies["nightdesk_saved"]
    topic = Topic.objects.create(name="Floods", slug="floods", locale=newsroom.locale)
    wrong = petro.form(edit_of(topic), name="") | NAME
    assert cookie(petro.post(edit_of(topic), wrong), "nightdesk_saved") is None


def test_a_form_sent_after_the_session_ended_is_not_taken_for_saved(petro, story):
    address = edit_of(story)
    his = petro.write(address, title="typed on the train") | NAME
    account = petro.cookies["nightdesk_account"].value
    del petro.cookies[settings.SESSION_COOKIE_NAME]
    answer = petro.post(address, his)
    assert answer.status_code == 302 and answer.url == f"/admin/login/?next={address}"
    assert cookie(answer, "nightdesk_saved") is None
    assert cookie(answer, "nightdesk_signed_out") is None
    assert cookie(answer, "nightdesk_account") == "", "nobody's text is offered meanwhile"
    petro.force_login(petro.user)
    assert cookie(petro.get(address), "nightdesk_account") == account


def test_a_form_that_its_editor_may_not_send_any_more_is_not_taken_for_saved(story, newsroom):
    ivan = Editor("Ivan", "editor")
    his = ivan.write(edit_of(story)) | NAME
    ivan.user.groups.clear()
    answer = ivan.post(edit_of(story), his)
    assert answer.status_code in (302, 403)
    assert cookie(answer, "nightdesk_saved") is None


def test_signing_out_tells_the_script_whose_text_to_throw_away(petro):
    petro.get("/admin/")
    account = petro.cookies["nightdesk_account"].value
    answer = petro.post("/admin/logout/")
    assert cookie(answer, "nightdesk_signed_out") == account
    assert cookie(answer, "nightdesk_account") == ""


def test_accounts_have_names_of_their_own_that_say_nothing(olha, petro):
    names = set()
    for editor in (olha, petro):
        editor.get("/admin/")
        held = editor.cookies["nightdesk_account"]
        assert held["path"] == "/admin/", "readers' pages never carry it"
        assert held.value != str(editor.user.pk) and editor.user.username not in held.value
        names.add(held.value)
    assert len(names) == 2


def test_the_script_is_on_every_page_of_the_admin(client, petro):
    for page in (client.get("/admin/login/"), petro.get("/admin/")):
        assert "editing/kept_text.js" in page.content.decode()
        assert 'data-zone="Europe/Kyiv"' in page.content.decode()
