"""A save that was made from an older version goes over nobody's text, and loses none of its own."""

from __future__ import annotations

import datetime
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.models import Comment, Page, Revision, get_page_models
from wagtail.snippets.models import get_snippet_models

from nightdesk.briefs.models import Brief
from nightdesk.editing.views import EditPages, EditSnippets
from nightdesk.fronts.models import EditorsPicks
from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import StoryPage, Topic
from tests.editing.conftest import Editor, edit_of, words
from tests.faults.editor import one_paragraph

pytestmark = pytest.mark.django_db

PUBLISH = {"action-publish": "action-publish"}
DRAFT: dict = {}


def latest(thing):
    return type(thing).objects.get(pk=thing.pk).get_latest_revision_as_object()


def headlines(story) -> list[str]:
    """Of every version in the history, the newest first."""
    found = story.revisions.order_by("-created_at", "-pk")
    return [revision.content["title"] for revision in found]


@pytest.fixture
def both(olha, petro, story):
    """Petro opened the story before Olha saved it; returns (his form, its address)."""
    address = edit_of(story)
    his = petro.write(address, title="The river turns", standfirst="It turned at noon.")
    saved = olha.post(address, olha.write(address, title="The river stays"))
    assert saved.status_code == 302
    return his, address


@pytest.mark.parametrize("button", [DRAFT, PUBLISH])
@pytest.mark.parametrize("live", [False, True])
def test_a_stale_save_is_answered_with_both_texts_and_changes_nothing(
    olha, petro, story, button, live
):
    if live:
        story.get_latest_revision().publish()
    address = edit_of(story)
    his = petro.write(address, title="The river turns")
    olha.post(address, olha.write(address, title="The river stays"))
    answer = petro.post(address, his | button)
    assert answer.status_code == 409
    said = words(answer)
    assert "Olha saved this story at" in said
    assert "Your text is kept below; here is what differs." in said
    assert "The river stays" in said and "The river turns" in said
    assert latest(story).title == "The river stays"
    assert Page.objects.get(pk=story.pk).live is live
    assert Page.objects.get(pk=story.pk).title == ("The river" if live else "The river stays")


def test_keep_mine_puts_mine_on_top_and_theirs_stays_in_the_history(olha, petro, story, both):
    his, address = both
    answer = petro.press(petro.post(address, his), "Keep mine")
    assert answer.status_code == 302
    assert latest(story).title == "The river turns"
    assert latest(story).standfirst == "It turned at noon."
    assert "It rises" not in str(latest(story).body)
    assert "Seen from the bank." in str(latest(story).body)
    assert headlines(story) == ["The river turns", "The river stays", "The river"]


def test_keep_mine_publishes_what_was_sent_to_be_published(petro, story, both):
    his, address = both
    petro.press(petro.post(address, his | PUBLISH), "Keep mine and publish it")
    assert Page.objects.get(pk=story.pk).live
    assert Page.objects.get(pk=story.pk).title == "The river turns"


def test_take_theirs_leaves_theirs_the_newest_and_mine_in_the_history(olha, petro, story, both):
    his, address = both
    answer = petro.press(petro.post(address, his | PUBLISH), "Take Olha’s")
    assert answer.status_code == 302 and answer.url == address
    assert latest(story).title == "The river stays"
    assert Page.objects.get(pk=story.pk).live is False
    assert headlines(story) == ["The river stays", "The river turns", "The river"]
    mine = story.revisions.get(user=petro.user)
    assert mine.content["standfirst"] == "It turned at noon."
    form = petro.get(address)
    assert "Your text is kept in the history." in words(form)
    compare = reverse(
        "wagtailadmin_pages:revisions_compare",
        args=[story.pk, mine.pk, latest(story).latest_revision_id],
    )
    assert compare in form.content.decode()
    assert petro.get(compare).status_code == 200
    history = petro.get(reverse("wagtailadmin_pages:history", args=[story.pk]))
    assert "Kept beside another" in history.content.decode()
    # Olha, still in it, goes on undisturbed.
    assert olha.post(address, olha.write(address, title="The river sleeps")).status_code == 302


def test_who_saves_again_while_somebody_chooses_is_not_overwritten_either(olha, petro, story, both):
    his, address = both
    answer = petro.post(address, his)
    olha.post(address, olha.write(address, title="The river sleeps"))
    again = petro.press(answer, "Keep mine")
    assert again.status_code == 409
    assert "The river sleeps" in words(again)
    assert latest(story).title == "The river sleeps"


def test_a_text_that_cannot_be_saved_yet_is_kept_all_the_same(olha, petro, story, both):
    his, address = both
    answer = petro.post(address, his | PUBLISH | {"title": ""})
    assert answer.status_code == 409
    assert "It turned at noon." in words(answer)
    kept = petro.press(answer, "Keep mine")
    assert kept.status_code == 200
    assert kept.context["form"]["standfirst"].value() == "It turned at noon."
    taken = petro.press(answer, "Take Olha’s")
    assert "It turned at noon." in taken.content.decode() or story.revisions.filter(
        user=petro.user, content__standfirst="It turned at noon."
    )


def test_rows_mean_what_they_meant_when_the_form_was_made(olha, petro, story, newsroom):
    """Olha publishes other bylines, so that the rows Petro's form speaks of are gone."""
    anna, ivan = (
        Author.objects.create(name=name, slug=name.lower(), locale=newsroom.locale)
        for name in ("Anna", "Ivan")
    )
    address = edit_of(story)

    def signed(editor, *authors):
        rows = {"bylines-TOTAL_FORMS": str(len(authors)), "bylines-INITIAL_FORMS": "0"}
        for place, author in enumerate(authors):
            rows |= {f"bylines-{place}-{name}": "" for name in ("id", "desk", "DELETE")}
            rows |= {f"bylines-{place}-author": str(author.pk), f"bylines-{place}-ORDER": place}
        return editor.write(address) | rows

    olha.post(address, signed(olha, anna) | PUBLISH)
    his = petro.write(address, title="Petro's")
    assert his["bylines-INITIAL_FORMS"] == "1" and his["bylines-0-id"]
    hers = olha.write(address) | {"bylines-0-DELETE": "on", "bylines-TOTAL_FORMS": "2"}
    hers |= {f"bylines-1-{name}": "" for name in ("id", "desk", "DELETE")}
    hers |= {"bylines-1-author": str(ivan.pk), "bylines-1-ORDER": "2"}
    olha.post(address, hers | PUBLISH)
    assert StoryPage.objects.get().signature == "Ivan"
    answer = petro.post(address, his | PUBLISH)
    assert answer.status_code == 409
    assert "Ivan" in words(answer) and "Anna" in words(answer)
    assert petro.press(answer, "Keep mine").status_code == 302
    assert StoryPage.objects.get().signature == "Anna"


def _things(newsroom, section):
    locale = newsroom.locale
    return {
        "home": newsroom,
        "section": section,
        "brief": Brief.objects.create(text="The gauge reads four metres.", locale=locale),
        "board": EditorsPicks.objects.get(locale=locale),
        "author": Author.objects.create(name="Anna", slug="anna", locale=locale),
        "desk": Desk.objects.create(name="City", slug="city", locale=locale),
        "topic": Topic.objects.create(name="Floods", slug="floods", locale=locale),
        "newsletter": Newsletter.objects.create(
            name="Morning", slug="morning", locale=locale, description="x", schedule_text="daily"
        ),
    }


FIELD = {"home": "title", "section": "intro", "brief": "text", "author": "name"}


@pytest.mark.parametrize(
    "kind", ["home", "section", "brief", "author", "desk", "topic", "newsletter"]
)
def test_it_is_the_same_in_every_form(olha, petro, newsroom, section, kind):
    thing, field = _things(newsroom, section)[kind], FIELD.get(kind, "description")
    address = edit_of(thing)
    his = petro.form(address, **{field: "Petro's words"}) | PUBLISH
    first = olha.post(address, olha.form(address, **{field: "Olha's words"}) | PUBLISH)
    assert first.status_code == 302, words(first)
    answer = petro.post(address, his)
    assert answer.status_code == 409
    assert "Olha saved this" in words(answer)
    assert "Petro's words" in words(answer) and "Olha's words" in words(answer)
    thing.refresh_from_db()
    assert getattr(thing, field) == "Olha's words"
    taken = petro.press(answer, "Take Olha’s")
    if taken.status_code == 200:
        assert "Petro's words" in words(taken)
    else:
        assert Revision.objects.for_instance(thing).filter(user=petro.user).count() == 1
    thing.refresh_from_db()
    assert getattr(thing, field) == "Olha's words"
    assert petro.press(answer, "Keep mine").status_code == 302
    thing.refresh_from_db()
    assert getattr(thing, field) == "Petro's words"
    if not hasattr(thing, "latest_revision"):
        history = petro.get(reverse(thing.snippet_viewset.get_url_name("history"), args=[thing.pk]))
        assert "Olha&#x27;s words" in history.content.decode()


def test_the_board_of_picks_keeps_both_lists(olha, petro, newsroom, section):
    stories = [StoryPage(title=title) for title in ("one", "two", "three")]
    for story in stories:
        section.add_child(instance=story)
    board = EditorsPicks.objects.get(locale=newsroom.locale)
    address = edit_of(board)

    def picking(editor, *chosen):
        form = editor.form(address) | {"picks-TOTAL_FORMS": str(len(chosen))}
        for place, story in enumerate(chosen):
            form |= {f"picks-{place}-{name}": "" for name in ("starts_at", "ends_at", "DELETE")}
            form.setdefault(f"picks-{place}-id", "")
            form |= {f"picks-{place}-story": str(story.pk), f"picks-{place}-ORDER": str(place)}
        return form

    olha.post(address, picking(olha, stories[0]))
    his = picking(petro, stories[0], stories[1])
    olha.post(address, picking(olha, stories[0]) | {"picks-0-DELETE": "on"})
    assert not board.picks.exists()
    answer = petro.post(address, his)
    assert answer.status_code == 409
    assert "Olha saved Editors' Picks at" in words(answer)
    petro.press(answer, "Keep mine")
    assert [pick.story.title for pick in board.picks.order_by("sort_order")] == ["one", "two"]


def test_a_form_made_before_there_was_any_revision_is_stale_after_the_first(olha, petro, newsroom):
    assert newsroom.latest_revision_id is None
    address = edit_of(newsroom)
    his = petro.form(address)
    olha.post(address, olha.form(address, title="The Evening Post"))
    assert petro.post(address, his).status_code == 409


def test_going_back_to_an_old_version_goes_over_nobody_either(olha, petro, story):
    old = story.revisions.first()
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[story.pk, old.pk])
    his = petro.write(revert)
    olha.post(edit_of(story), olha.write(edit_of(story), title="The river stays"))
    answer = petro.post(revert, his)
    assert answer.status_code == 409
    assert petro.press(answer, "Keep mine").status_code == 302
    assert headlines(story) == ["The river", "The river stays", "The river"]


def test_what_another_asked_in_the_margin_meanwhile_stays_there(olha, petro, story):
    """Comments are a conversation: a text that is kept takes none of them away."""
    address = edit_of(story)
    his = petro.write(address, title="The river turns")
    olha.post(address, olha.write(address, title="The river stays"))
    Comment.objects.create(page=story, user=olha.user, text="Who says so?", contentpath="title")
    petro.press(petro.post(address, his), "Keep mine")
    assert latest(story).title == "The river turns"
    assert [comment.text for comment in Comment.objects.filter(page=story)] == ["Who says so?"]


def test_no_form_is_stale_after_its_own_editors_save_and_reload(olha, story):
    address = edit_of(story)
    for title in ("one", "two", "three"):
        assert olha.post(address, olha.write(address, title=title)).status_code == 302


def test_an_own_save_in_another_window_is_said_as_such(olha, story):
    address = edit_of(story)
    old = olha.write(address, title="from the old window")
    olha.post(address, olha.write(address, title="from the new window"))
    answer = olha.post(address, old)
    assert answer.status_code == 409
    assert "You saved this story at" in words(answer)


def test_the_time_is_the_newsrooms(olha, petro, story):
    address = edit_of(story)
    his = petro.write(address)
    with time_machine.travel(datetime.datetime(2026, 7, 1, 20, 41, tzinfo=datetime.UTC)):
        olha.force_login(olha.user)
        olha.post(address, olha.write(address, title="x"))
        petro.force_login(petro.user)
        assert "Olha saved this story at 23:41." in words(petro.post(address, his))
    with time_machine.travel(datetime.datetime(2026, 7, 3, 9, 0, tzinfo=datetime.UTC)):
        petro.force_login(petro.user)
        assert "at 1 July, 23:41." in words(petro.post(address, his))


def test_a_save_by_no_account_is_said_without_a_name(petro, story):
    his = petro.write(edit_of(story))
    story.save_revision()
    said = words(petro.post(edit_of(story), his))
    assert "This story was saved at" in said and "None" not in said


def test_markup_in_either_text_is_shown_and_does_nothing(olha, petro, story):
    address = edit_of(story)
    his = petro.write(address, title="<b>mine</b>", standfirst="</textarea><script>x</script>")
    olha.post(address, olha.write(address, title="<i>theirs</i>"))
    answer = petro.post(address, his)
    page = answer.content.decode()
    assert "<i>theirs" not in page and "<b>mine" not in page and "<script>x" not in page
    petro.press(answer, "Keep mine")
    assert latest(story).standfirst == "</textarea><script>x</script>"


# Wagtail's automatic save

JSON = {"HTTP_ACCEPT": "application/json"}


def test_the_automatic_save_refuses_by_the_same_rule(olha, petro, story, both):
    his, address = both
    answer = petro.post(address, his, **JSON)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "invalid_revision"
    assert "Olha saved this story at" in answer.json()["error_message"]
    assert latest(story).title == "The river stays"


def test_a_form_that_saved_itself_is_not_stale_to_itself(olha, petro, story):
    address = edit_of(story)
    form = petro.write(address, title="first words")
    saved = petro.post(address, form, **JSON).json()
    form |= {"overwrite_revision_id": saved["revision_id"], "title": "more words"}
    assert petro.post(address, form, **JSON).json()["success"]
    # By a button: the script has written into the form which version it saved itself as.
    saved = petro.post(address, form, **JSON).json()
    del form["overwrite_revision_id"]
    form |= {
        "loaded_revision_id": saved["revision_id"],
        "loaded_revision_created_at": saved["revision_created_at"],
    }
    assert petro.post(address, form | PUBLISH).status_code == 302
    assert Page.objects.get(pk=story.pk).title == "more words"


def test_a_form_that_saved_itself_is_stale_after_another_did(olha, petro, story):
    address = edit_of(story)
    form = petro.write(address, title="first words")
    saved = petro.post(address, form, **JSON).json()
    olha.post(address, olha.write(address, title="Olha's words"))
    form |= {"overwrite_revision_id": saved["revision_id"], "title": "more words"}
    assert petro.post(address, form, **JSON).status_code == 400
    answer = petro.post(address, form)
    assert answer.status_code == 409
    petro.press(answer, "Keep mine")
    assert headlines(story)[:3] == ["more words", "Olha's words", "first words"]


# A new story whose form is sent again

ADD = "/admin/pages/add/stories/storypage/{}/"


def test_a_new_story_that_another_went_on_with_is_not_replaced_by_its_first_form(
    olha, petro, section
):
    """Petro's automatic save reached the server, the answer did not reach him."""
    add = ADD.format(section.pk)
    his = petro.write(add, title="begun")
    assert petro.post(add, his, **JSON).json()["success"]
    address = edit_of(StoryPage.objects.get())
    olha.post(address, olha.write(address, title="gone on by Olha"))
    answer = petro.post(add, his | {"title": "begun, and more"})
    assert answer.status_code == 409
    assert "gone on by Olha" in words(answer) and "begun, and more" in words(answer)
    assert petro.press(answer, "Keep mine").status_code == 302
    assert StoryPage.objects.get().title == "begun, and more"


def test_a_published_story_sent_again_with_more_text_does_not_lose_it(petro, section):
    add = ADD.format(section.pk)
    his = petro.write(add, title="out") | PUBLISH
    petro.post(add, his)
    assert petro.post(add, his).status_code == 302
    answer = petro.post(add, his | {"standfirst": "One more sentence."})
    assert answer.status_code == 409
    assert "One more sentence." in words(answer)


# At one moment


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["story", "topic"])
def test_of_two_saves_at_one_moment_one_wins_and_the_other_is_told(newsroom, section, kind):
    if kind == "story":
        thing = StoryPage(title="The river", live=False)
        section.add_child(instance=thing)
        thing.save_revision()
    else:
        thing = Topic.objects.create(name="Floods", slug="floods", locale=newsroom.locale)
    editors = [Editor(name) for name in ("Olha", "Petro", "Ivan", "Anna")]
    address = edit_of(thing)
    name = "title" if kind == "story" else "name"
    forms = [
        editor.form(address)
        | (one_paragraph("Seen.") if kind == "story" else {})
        | {name: editor.user.first_name}
        for editor in editors
    ]
    gate = threading.Barrier(len(editors))
    answers: list[int] = []

    def save(editor: Client, form: dict) -> None:
        gate.wait()
        try:
            answers.append(editor.post(address, form).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=save, args=pair) for pair in zip(editors, forms, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409, 409, 409]


# So that the next kind of page or snippet is not forgotten


def test_every_form_of_ours_minds_two_editors():
    ours = [model for model in get_page_models() if model is not Page]
    pages = [page_viewset_registry.get_by_type(model) for model in ours]
    assert len(pages) >= 3
    assert all(issubclass(viewset.edit_view_class, EditPages) for viewset in pages)
    snippets = [model.snippet_viewset for model in get_snippet_models()]
    assert len(snippets) >= 6
    assert all(issubclass(viewset.edit_view_class, EditSnippets) for viewset in snippets)


def test_every_form_says_what_it_was_made_from(olha, newsroom, section):
    for thing in _things(newsroom, section).values():
        form = olha.form(edit_of(thing))
        assert form.get("made_from") or form.get("loaded_revision_id"), thing
