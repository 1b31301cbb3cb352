"""Four eyes: from a reporter's draft over somebody else's approval to readers."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, Task, WorkflowState
from wagtail.test.utils.form_data import inline_formset

from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from nightdesk.stories import review, state
from nightdesk.stories.models import StoryPage
from tests.making import a_story
from tests.stories.test_desk_form import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(newsroom):
    """``staff("name", "role")`` → a client with that person's session; ``user`` is who it is."""

    def _staff(name: str, role: str) -> Client:
        client = Client()
        client.user = User.objects.create_user(name, password="night-desk", email=f"{name}@x.test")
        give_role(client.user, role)
        client.force_login(client.user)
        return client

    return _staff


@pytest.fixture
def reporter(staff):
    return staff("rita", "reporter")


@pytest.fixture
def editor(staff):
    return staff("ed", "editor")


@pytest.fixture
def add(section):
    return reverse("wagtailadmin_pages:add", args=["stories", "storypage", section.pk])


def edit(story):
    return reverse("wagtailadmin_pages:edit", args=[story.pk])


def sent(client, add, headline="Flood gates stay shut"):
    """A new story that ``client`` sends for review at once."""
    client.post(add, written(headline) | {"action-submit": "1"})
    return StoryPage.objects.get(title=headline)


def act(client, story, action, comment="", **form):
    """Press Approve, or Ask for changes, in the story's form as it is."""
    data = written(story.draft_title, slug=story.slug, **form)
    data |= {"action-workflow-action": "true", "workflow-action-name": action}
    data |= {"workflow-action-extra-data": f'{{"comment": "{comment}"}}'}
    return client.post(edit(story), data, follow=True)


def fresh(story):
    return StoryPage.objects.get(pk=story.pk)


def test_a_reporters_story_is_sent_for_review_approved_and_published_by_an_editor(
    reporter, editor, add
):
    page = reporter.get(add).content.decode()
    assert page.index("Send for review") < page.index("Save draft")
    assert "action-publish" not in page
    story = sent(reporter, add)
    assert not story.live
    assert fresh(story).status_string == "in review"

    answer = act(editor, story, "approve")
    assert "“Flood gates stay shut” is approved." in answer.content.decode()
    assert fresh(story).status_string == "approved"
    assert not fresh(story).live

    editor.post(edit(story), written(slug=story.slug) | {"action-publish": "1"})
    assert fresh(story).live
    assert fresh(story).status_string == "live"


def test_the_list_of_stories_says_where_each_stands(reporter, editor, add):
    sent(reporter, add, "One in review")
    approved = sent(reporter, add, "One approved")
    act(editor, approved, "approve")
    back = sent(reporter, add, "One sent back")
    act(editor, back, "reject", "Who says so?")
    listing = reverse("stories:index")
    page = editor.get(listing).content.decode()
    assert all(words in page for words in ("in review", "approved", "changes asked for"))
    for chosen, headline in (
        ("review", "One in review"),
        ("approved", "One approved"),
        ("sent_back", "One sent back"),
    ):
        found = editor.get(listing, {"state": chosen}).context["object_list"]
        assert [story.title for story in found] == [headline]


def test_a_reporter_can_neither_publish_nor_approve(reporter, editor, add):
    story = sent(reporter, add)
    reporter.post(edit(story), written(slug=story.slug) | {"action-publish": "1"})
    act(reporter, story, "approve")
    assert fresh(story).status_string == "in review"
    state_now = story.current_workflow_task_state
    with pytest.raises(PermissionDenied):
        state_now.task.specific.on_action(state_now, reporter.user, "approve")


def test_what_was_sent_back_comes_again_and_its_text_is_changed_meanwhile(reporter, editor, add):
    story = sent(reporter, add)
    assert "action-save-draft" not in reporter.get(edit(story)).content.decode()
    answer = act(editor, story, "reject", "Who says so?")
    assert "is back with whoever wrote it." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("stories:index")
    page = reporter.get(edit(story)).content.decode()
    assert "ed asks for changes: Who says so?" in page
    assert "Send for review again" in page
    data = written(slug=story.slug, body="<p>The mayor says so.</p>") | {"action-submit": "1"}
    reporter.post(edit(story), data)
    assert fresh(story).status_string == "in review"
    assert [s.title for s in state.in_review(StoryPage.objects.all())] == [story.title]


def test_nobody_approves_what_they_sent(editor, staff, add):
    staff("other", "editor")
    story = sent(editor, add)
    assert "Approve" not in editor.get(edit(story)).content.decode()
    answer = act(editor, story, "approve")
    assert "Somebody else has to approve this text" in answer.content.decode()
    assert fresh(story).status_string == "in review"


def test_nobody_approves_what_they_changed_and_their_change_is_kept(reporter, editor, staff, add):
    second = staff("second", "editor")
    story = sent(reporter, add)
    answer = act(editor, story, "approve", body="<p>The gates are open.</p>")
    assert "What you changed is saved." in answer.content.decode()
    draft = fresh(story).get_latest_revision_as_object()
    assert "The gates are open." in str(draft.body)
    assert fresh(story).status_string == "in review"
    act(second, draft, "approve", body="<p>The gates are open.</p>")
    assert fresh(story).status_string == "approved"


def test_a_superuser_approves_their_own_no_more_than_anyone(newsroom, editor, add):
    boss = Client()
    boss.user = User.objects.create_superuser("boss", password="night-desk")
    boss.force_login(boss.user)
    story = sent(boss, add)
    act(boss, story, "approve")
    assert fresh(story).status_string == "in review"
    task = story.current_workflow_task_state
    with pytest.raises(PermissionDenied):
        task.task.specific.on_action(task, boss.user, "approve")


def test_the_only_one_who_may_approve_may_approve_their_own_and_it_is_logged(editor, add):
    story = sent(editor, add)
    assert "Approve your own: nobody else here can" in editor.get(edit(story)).content.decode()
    act(editor, story, "approve")
    assert fresh(story).status_string == "approved"
    entry = PageLogEntry.objects.get(action=review.APPROVED_OWN)
    assert entry.user == editor.user
    history = editor.get(reverse("wagtailadmin_pages:history", args=[story.pk])).content.decode()
    assert "Approved a text of their own: nobody else could" in history


def test_an_account_that_is_switched_off_cannot_help_out(editor, staff, add):
    gone = staff("gone", "editor")
    gone.user.is_active = False
    gone.user.save()
    story = sent(editor, add)
    act(editor, story, "approve")
    assert fresh(story).status_string == "approved"


def test_a_note_on_a_passage_makes_nobody_a_writer(reporter, editor, staff, add):
    staff("second", "editor")
    story = sent(reporter, add)
    note = {"text": "Who says so?", "contentpath": "title", "position": "", "resolved": ""}
    note["replies"] = inline_formset([])
    data = written(slug=story.slug, comments=inline_formset([note]))
    page = editor.post(edit(story), data, follow=True).content.decode()
    assert "Who says so?" in page
    assert fresh(story).get_latest_revision().user == editor.user
    act(editor, fresh(story), "approve")
    assert fresh(story).status_string == "approved"


def test_a_change_after_the_approval_asks_for_another(reporter, editor, add):
    story = sent(reporter, add)
    act(editor, story, "approve")
    reporter.post(edit(story), written(slug=story.slug, body="<p>Another end.</p>"))
    assert fresh(story).status_string == "draft"


def test_a_live_storys_next_version_is_reviewed_beside_it(reporter, editor, add):
    story = sent(reporter, add)
    editor.post(edit(story), written(slug=story.slug) | {"action-publish": "1"})
    assert fresh(story).status_string == "live"
    assert not WorkflowState.objects.active().exists()
    changed = written(slug=story.slug, body="<p>Another end.</p>") | {"action-submit": "1"}
    reporter.post(edit(story), changed)
    assert fresh(story).status_string == "live + in review"
    assert "The lower gates stay shut until Friday." in str(fresh(story).body)
    assert review.hands_in(fresh(story)) == {reporter.user.pk}


def test_no_mail_leaves_for_any_step(reporter, editor, add):
    User.objects.create_superuser("boss", email="boss@x.test", password="night-desk")
    story = sent(reporter, add)
    act(editor, story, "reject", "No.")
    reporter.post(edit(story), written(slug=story.slug) | {"action-submit": "1"})
    act(editor, story, "approve")
    assert mail.outbox == []


def test_the_first_page_says_what_waits_for_whom(reporter, editor, staff, add):
    mine = sent(editor, add, "The editor's own")
    story = sent(reporter, add, "A reporter's story")
    staff("second", "editor")
    home = reverse("wagtailadmin_home")
    page = editor.get(home).content.decode().replace("&#x27;", "'")
    waiting = page[page.index("Waiting for your approval") : page.index("Your drafts")]
    assert story.title in waiting
    assert mine.title not in waiting
    assert "Waiting for your approval" not in reporter.get(home).content.decode()
    act(editor, story, "reject", "Who says so?")
    assert "Sent back to you" in reporter.get(home).content.decode()


def test_briefs_go_out_alone(editor):
    page = editor.get(reverse("short_brief")).content.decode()
    assert "Send for review" not in page


def test_a_story_set_for_later_is_scheduled_and_not_approved(editor, section):
    story = a_story(section, "For later", live=False)
    story.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    story.save_revision(user=editor.user).publish(user=editor.user)
    assert fresh(story).status_string == "scheduled"


def test_setting_up_the_review_again_changes_nothing(newsroom):
    review.set_up_review()
    assert [task.name for task in Task.objects.all()] == ["Review"]
    assert newsroom.get_workflow().name == "Review"
