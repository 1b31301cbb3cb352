"""Nothing of a story goes out before its embargo is over, by whichever way it would go."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, PageLogEntry

from nightdesk.exchange.store import _add
from nightdesk.people.models import User
from nightdesk.press import clock, schedule
from nightdesk.stories import embargo
from nightdesk.stories.actions import lift_embargo
from nightdesk.stories.embargo import UnderEmbargo, may_be_used
from nightdesk.stories.models import SectionPage, StoryPage
from tests.making import a_story
from tests.stories.test_desk_form import written

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
FORM = "%Y-%m-%d %H:%M"


@pytest.fixture
def editor(signed_in):
    return signed_in("editor")


@pytest.fixture
def until():
    """In two days, to the minute, as a form gives it."""
    return (timezone.now() + 48 * HOUR).replace(second=0, microsecond=0)


@pytest.fixture
def held(section, until):
    story = a_story(section, "The minister resigns", live=False, embargo_until=until)
    story.save_revision()
    return StoryPage.objects.get(pk=story.pk)


def fresh(story):
    return StoryPage.objects.get(pk=story.pk)


def edit(story):
    return reverse("wagtailadmin_pages:edit", args=[story.pk])


def typed(moment):
    return timezone.localtime(moment).strftime(FORM)


def text_of(response):
    return response.content.decode().replace("&#x27;", "'")


# By which way would it go?


def publish_from_the_form(story, editor):
    editor.post(edit(story), written(slug=story.slug) | {"action-publish": "1"})


def publish_many(story, editor):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    editor.post(f"{address}?id={story.pk}", {"include_descendants": ""})


def publish_its_version(story, editor):
    story.get_latest_revision().publish(user=editor.user)


def publish_an_old_version(story, editor):
    story.revisions.order_by("pk").first().publish(user=editor.user)


def publish_without_anybody(story, _editor):
    story.get_latest_revision().publish(log_action="wagtail.publish.scheduled")


def plan_it_too_early(story, _editor):
    story.go_live_at = timezone.now() + HOUR
    story.save_revision().publish()
    with time_machine.travel(story.go_live_at + datetime.timedelta(minutes=1), tick=False):
        clock.tick()


def write_it_live(story, _editor):
    story.live = True
    story.save()


def forget_it_first(story, _editor):
    story.embargo_until = None
    story.save()
    story.save_revision().publish()


def copy_it_live(story, editor):
    story.copy(update_attrs={"slug": "a-copy", "live": True}, user=editor.user)


def copy_then_publish(story, editor):
    twin = story.copy(update_attrs={"slug": "a-copy"}, user=editor.user)
    twin.get_latest_revision().publish()


def publish_its_alias(story, editor):
    alias = story.create_alias(update_slug="an-alias", user=editor.user)
    alias.live = True
    alias.save()


def translate_then_publish(story, editor):
    ukrainian = Locale.objects.get(language_code="uk")
    story.get_parent().specific.copy_for_translation(ukrainian).save_revision().publish()
    story.copy_for_translation(ukrainian).get_latest_revision().publish()


def import_it(story, _editor):
    twin = StoryPage(title="Again", slug="again", locale=story.locale)
    twin.embargo_until = story.embargo_until
    _add(twin, SectionPage.objects.get(pk=story.get_parent().pk))


def approve_it(story, editor):
    reporter = User.objects.create_user("reporter")
    story.get_workflow().start(story, reporter)
    waiting = story.current_workflow_task_state
    waiting.task.specific.on_action(waiting, editor.user, "approve")
    assert fresh(story).status_string == "approved, under embargo"


WAYS = [
    approve_it,
    publish_from_the_form,
    publish_many,
    publish_its_version,
    publish_an_old_version,
    publish_without_anybody,
    plan_it_too_early,
    write_it_live,
    forget_it_first,
    copy_it_live,
    copy_then_publish,
    publish_its_alias,
    translate_then_publish,
    import_it,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_embargoed_story_goes_out_by_no_way(way, held, editor):
    try:
        way(held, editor)
    except UnderEmbargo as refused:
        assert "This story is under embargo until" in str(refused)
    assert not StoryPage.objects.filter(live=True).exists()
    assert list(StoryPage.readable()) == []


@pytest.mark.database
def test_when_its_minute_comes_it_can_be_published_and_nothing_happens_by_itself(held, until):
    with time_machine.travel(until - HOUR / 60, tick=False), pytest.raises(UnderEmbargo):
        held.get_latest_revision().publish()
    with time_machine.travel(until, tick=False):
        clock.tick()
        assert not fresh(held).live
        held.get_latest_revision().publish()
        assert fresh(held).live


@pytest.mark.database
def test_planned_for_the_end_of_the_embargo_it_goes_out_then(held, until):
    held.go_live_at = until
    held.save_revision().publish()
    with time_machine.travel(until - HOUR / 60, tick=False):
        clock.tick()
        assert not fresh(held).live
    with time_machine.travel(until, tick=False):
        assert clock.tick()["publish what is due"] == 1
        assert fresh(held).live


def test_what_was_planned_waits_for_an_embargo_that_is_set_later(section, until):
    story = a_story(section, live=False)
    early = timezone.now() + HOUR
    story.go_live_at = early
    story.save_revision().publish()
    story = fresh(story)
    story.embargo_until = until
    story.save()
    with time_machine.travel(early + HOUR, tick=False):
        assert schedule.publish_due(timezone.now()) == 0
        assert schedule.overdue(timezone.now(), HOUR / 60) == []
    with time_machine.travel(until, tick=False):
        assert schedule.publish_due(timezone.now()) == 1
        assert fresh(story).live


# In the form.


@pytest.fixture
def add(section):
    return reverse("wagtailadmin_pages:add", args=["stories", "storypage", section.pk])


def test_publishing_too_early_says_so_and_keeps_what_was_typed(editor, add, until):
    data = written("The minister resigns", embargo_until=typed(until))
    answer = editor.post(add, data | {"action-publish": "1"}, follow=True)
    page = text_of(answer)
    day = timezone.localtime(until)
    moment = f"{day.day} {day:%B}"
    assert f"This story is under embargo until {moment}" in page
    assert "(Kyiv). Publish it then, schedule it, or lift the embargo." in page
    assert "What you wrote is saved as a draft." in page
    story = StoryPage.objects.get()
    assert not story.live and story.embargo_until == until
    assert story.status_string == "draft, under embargo"

    data = written("The minister stays", slug=story.slug, embargo_until=typed(until))
    answer = editor.post(edit(story), data | {"action-publish": "1"}, follow=True)
    assert "What you wrote is saved as a draft." in text_of(answer)
    assert fresh(story).get_latest_revision_as_object().title == "The minister stays"
    assert not fresh(story).live


def test_a_schedule_before_the_end_is_moved_to_it_and_the_form_says_so(editor, add, until):
    data = written(embargo_until=typed(until), go_live_at=typed(until - 24 * HOUR))
    page = text_of(editor.post(add, data | {"action-publish": "1"}, follow=True))
    assert "The schedule was before the end of the embargo. It is moved to it" in page
    story = StoryPage.objects.get()
    assert not story.live
    assert story.scheduled_revision.approved_go_live_at == until
    assert story.status_string == "scheduled, under embargo"


def test_a_schedule_at_or_after_the_end_is_kept(editor, add, until):
    data = written(embargo_until=typed(until), go_live_at=typed(until + HOUR))
    page = text_of(editor.post(add, data | {"action-publish": "1"}, follow=True))
    assert "is moved to it" not in page
    story = StoryPage.objects.get()
    assert story.scheduled_revision.approved_go_live_at == until + HOUR


def test_an_embargo_gets_later_in_the_form_but_never_earlier(editor, held, until):
    data = written(slug=held.slug, embargo_until=typed(until - HOUR))
    page = text_of(editor.post(edit(held), data, follow=True))
    assert "stays. To end it earlier, lift it." in page
    assert fresh(held).embargo_until == until
    editor.post(edit(held), written(slug=held.slug, embargo_until=""))
    assert fresh(held).embargo_until == until
    editor.post(edit(held), written(slug=held.slug, embargo_until=typed(until + HOUR)))
    assert fresh(held).embargo_until == until + HOUR
    entry = PageLogEntry.objects.get(action=embargo.SET)
    assert entry.user == editor.user


def test_the_form_says_in_which_zone_the_minute_is(editor, add):
    page = text_of(editor.get(add))
    assert "Europe/Kyiv time." in page
    assert "a schedule before this minute is moved to it" in page


def test_over_it_may_be_taken_out_of_the_form(editor, held, until):
    with time_machine.travel(until + HOUR, tick=False):
        editor.force_login(editor.user)
        editor.post(edit(held), written(slug=held.slug, embargo_until=""))
    assert fresh(held).embargo_until is None


# A published story with a change that is held back.


def test_a_live_story_stays_as_it_is_and_its_change_goes_out_no_earlier(editor, section, until):
    story = a_story(section, "As it was")
    story.save_revision(changed=False)
    data = written("As it will be", slug=story.slug, embargo_until=typed(until))
    answer = editor.post(edit(story), data | {"action-publish": "1"}, follow=True)
    assert "What you wrote is saved as a draft." in text_of(answer)
    assert "readers keep the version they have" in text_of(answer)
    story = fresh(story)
    assert story.live and story.title == "As it was"
    assert story.status_string == "live + draft, under embargo"
    with pytest.raises(UnderEmbargo):
        story.get_latest_revision().publish()
    assert fresh(story).title == "As it was"
    now = timezone.now()
    assert may_be_used(story, now) and not may_be_used(story, now, draft=True)
    with time_machine.travel(until, tick=False):
        fresh(story).get_latest_revision().publish()
    assert fresh(story).title == "As it will be"


def test_taken_down_under_embargo_it_does_not_come_back_early(section, until):
    story = a_story(section)
    story.embargo_until = until
    story.save_revision()
    fresh(story).unpublish()
    with pytest.raises(UnderEmbargo):
        fresh(story).get_latest_revision().publish()


def test_a_live_story_may_still_move_and_be_corrected_in_its_row(section, until):
    story = a_story(section)
    story.embargo_until = until
    story.save_revision()
    story = fresh(story)
    story.kicker = "Moved"
    story.save()
    assert fresh(story).kicker == "Moved"


# Lifting.


def test_lifting_takes_a_reason_is_logged_and_publishes_nothing(editor, held):
    lift = reverse("lift_embargo", args=[held.pk])
    assert lift in text_of(editor.get(edit(held)))
    assert "Nothing of this story goes out before" in text_of(editor.get(lift))
    editor.post(lift, {"reason": "  "})
    assert fresh(held).embargo_until
    page = text_of(editor.post(lift, {"reason": "The ministry confirmed it"}, follow=True))
    assert "The embargo is lifted. Nothing has gone out by that" in page
    assert fresh(held).embargo_until is None and not fresh(held).live
    entry = PageLogEntry.objects.get(action=embargo.LIFT)
    assert (entry.user, entry.page_id) == (editor.user, held.pk)
    assert entry.data["reason"] == "The ministry confirmed it"
    history = text_of(editor.get(reverse("wagtailadmin_pages:history", args=[held.pk])))
    assert "Lifted the embargo until" in history
    publish_from_the_form(held, editor)
    assert fresh(held).live


def test_lifting_keeps_the_approval(editor, held, signed_in):
    revision = held.get_latest_revision()
    lift_embargo(held, editor.user, "Agreed with the source")
    assert fresh(held).get_latest_revision() == revision


def test_who_may_not_lift_is_refused_by_page_and_verb(signed_in, held):
    reporter = signed_in("reporter")
    held.owner = reporter.user
    held.save()
    lift = reverse("lift_embargo", args=[held.pk])
    assert lift not in text_of(reporter.get(edit(held)))
    reporter.post(lift, {"reason": "I want to"})
    with pytest.raises(PermissionDenied):
        lift_embargo(held, reporter.user, "I want to")
    assert fresh(held).embargo_until


def test_nothing_is_lifted_twice_or_without_a_reason(editor, held):
    with pytest.raises(ValueError, match="reason"):
        lift_embargo(held, editor.user, " ")
    assert lift_embargo(held, editor.user, "Agreed")
    assert not lift_embargo(fresh(held), editor.user, "Agreed")
    assert PageLogEntry.objects.filter(action=embargo.LIFT).count() == 1


def test_may_be_used_is_about_the_embargo_alone(section, held, until):
    now = timezone.now()
    assert not may_be_used(held, now)
    assert may_be_used(held, until)
    assert may_be_used(a_story(section), now)
    assert may_be_used(a_story(section, live=False), now, draft=True)


def test_another_year_is_named():
    far = datetime.datetime(2031, 3, 11, 22, 1, tzinfo=datetime.UTC)
    assert embargo.in_words(far) == "12 March 2031, 00:01 (Kyiv)"
