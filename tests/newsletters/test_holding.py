"""What may not go stops an edition, before and while it is sent, and whoever approved it hears."""

from __future__ import annotations

import email
import email.policy

import pytest
from django.utils import timezone

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.editions import actions, contents, holding
from nightdesk.newsletters.editions.ready import MustHoldError, make_ready
from nightdesk.newsletters.models import Edition
from nightdesk.people.models import User
from nightdesk.people.roles import DESK_CHIEF, REPORTER, give_role
from nightdesk.press import alarms
from nightdesk.stories.corrections import Correction
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_brief, a_picture, a_story
from tests.newsletters.composing import a_newsletter, an_edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def letter(newsroom):
    return a_newsletter(newsroom.locale)


@pytest.fixture
def anna(newsroom):
    account = User.objects.create_user("anna", email="anna@example.org")
    give_role(account, DESK_CHIEF)
    return account


def told() -> list[tuple[str, str, str]]:
    """(to, subject, text) of every mail that waits."""
    found = []
    for row in OutgoingMail.objects.order_by("pk"):
        message = email.message_from_bytes(bytes(row.content), policy=email.policy.default)
        found.append((row.rcpt_to, message["Subject"], message.get_content()))
    return found


def held(edition: Edition) -> None:
    """As the sender does it when it is about to begin."""
    with pytest.raises(MustHoldError) as why:
        make_ready(edition)
    assert delivery.hold(edition, str(why.value))


def test_whoever_approved_it_is_told_once_and_the_first_page_says_so(letter, section, anna):
    story = a_story(section, "Bridge closed")
    edition = an_edition(letter, ("story", story))
    actions.schedule(edition, timezone.now(), anna)
    story.unpublish()
    delivery.start_due(timezone.now())
    held(Edition.objects.get())
    assert holding.tell() == 1
    assert holding.tell() == 0
    ((to, subject, text),) = told()
    assert to == "anna@example.org"
    assert subject == "Not sent: What happened overnight"
    assert "“Bridge closed” is not published." in text and f"/editions/{edition.pk}/" in text
    (alarm,) = [each for each in alarms.sentences() if "What happened overnight" in each]
    assert "“Bridge closed” is not published." in alarm
    assert "to send it without that, to edit it, or to cancel it" in alarm


def test_held_once_more_it_is_told_once_more(letter, section, anna):
    edition = an_edition(letter, approved_by=anna, state="scheduled")
    delivery.hold(edition, "It is hours late.")
    holding.tell()
    actions.take_back(edition, anna)
    holding.tell()
    actions.schedule(edition, timezone.now(), anna)
    delivery.hold(edition, "It is hours late again.")
    assert holding.tell() == 1
    assert len(told()) == 2


def test_nobody_having_approved_it_all_who_may_send_are_told(letter, anna):
    reporter = User.objects.create_user("olha", email="olha@example.org")
    give_role(reporter, REPORTER)
    edition = an_edition(letter, state="scheduled")
    delivery.hold(edition, "It is hours late.")
    holding.tell()
    assert [to for to, _subject, _text in told()] == ["anna@example.org"]


def test_send_without_it_leaves_out_that_and_nothing_else(letter, section, anna):
    down, stays, picked = (a_story(section, f"Story {n}") for n in "ABC")
    edition = an_edition(
        letter,
        ("heading", "Today"),
        ("story", down),
        ("story", stays),
        ("picks", {"heading": "", "count": 3, "stories": [picked.pk, down.pk]}),
        ("picks", {"heading": "", "count": 3, "stories": [down.pk]}),
    )
    down.unpublish()
    assert actions.leave_out(edition, anna) == ["“Story A” is not published."] * 3
    row = Edition.objects.get()
    assert [block["type"] for block in contents.blocks_of(row)] == ["heading", "story", "picks"]
    assert contents.stories_in(row) == [stays.pk, picked.pk]
    assert "Story A" not in make_ready(row).html


def _take_down_story(things):
    takedown.take_down(kinds.named("story"), things["story"], reason="x")


def _take_down_brief(things):
    takedown.take_down(kinds.named("brief"), things["brief"], reason="x")


def _take_down_picture(things):
    takedown.take_down(kinds.named("picture"), things["picture"], reason="x")


def _take_down_the_storys_picture(things):
    takedown.take_down(kinds.named("picture"), things["lead"], reason="x")


def _unpublish(things):
    things["story"].unpublish()


def _retract(things):
    things["story"].corrections = [Correction(kind="retraction", words="Untrue.")]
    things["story"].save_revision().publish()


@pytest.mark.parametrize(
    "happens",
    [
        _take_down_story,
        _take_down_brief,
        _take_down_picture,
        _take_down_the_storys_picture,
        _unpublish,
        _retract,
    ],
)
def test_what_is_taken_from_readers_while_it_is_sent_pauses_it(letter, section, newsroom, happens):
    lead, picture = a_picture("A lead"), a_picture("Another")
    story = a_story(section, "Bridge closed", lead_picture=lead)
    brief = a_brief(newsroom.locale, "Power is back.")
    things = {"lead": lead, "picture": picture, "story": story, "brief": brief}
    edition = an_edition(letter, ("story", story), ("brief", brief), ("picture", picture))
    other = an_edition(letter, ("text", "<p>Nothing of it.</p>"), subject="Other")
    for each in (edition, other):
        make_ready(each)
        Edition.objects.filter(pk=each.pk).update(state="sending", total=3)
    happens(things)
    edition.refresh_from_db()
    other.refresh_from_db()
    assert edition.state == "paused" and edition.why_held
    assert other.state == "sending"
    assert any("is paused while being sent" in each for each in alarms.sentences())


def test_what_is_taken_down_after_it_was_sent_changes_nothing_of_it(letter, section):
    story = a_story(section, "Bridge closed")
    edition = an_edition(letter, ("story", story))
    ready = make_ready(edition)
    Edition.objects.filter(pk=edition.pk).update(state="finished", total=1)
    takedown.take_down(kinds.named("story"), story, reason="x")
    edition.refresh_from_db()
    assert edition.state == "finished"
    ready.refresh_from_db()
    assert "Bridge closed" in ready.html
