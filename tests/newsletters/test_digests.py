"""Digests by rule: once for each time that one is due, with what readers have not had."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
import time_machine

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.editions import contents, digests, holding
from nightdesk.newsletters.models import DigestRule, DigestRun, Edition
from nightdesk.people.models import User
from nightdesk.people.roles import PRODUCER, give_role
from nightdesk.stories.models import SectionPage, StoryPage, Topic
from tests.making import a_brief, a_story
from tests.newsletters.composing import a_newsletter, an_edition, sent

pytestmark = pytest.mark.django_db

KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")
#: Half an hour before seven on a Monday.
NOW = datetime.datetime(2027, 3, 22, 6, 30, tzinfo=KYIV)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def this_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def letter(newsroom):
    return a_newsletter(newsroom.locale, time_zone="Europe/Kyiv")


def a_rule(letter, **fields) -> DigestRule:
    fields = {"least": 1, "since": NOW - datetime.timedelta(days=30), **fields}
    return DigestRule.objects.create(newsletter=letter, **fields)


def stories(section, *headlines: str, ago=5 * HOUR, **fields) -> list[StoryPage]:
    return [
        a_story(section, headline, at=NOW - ago + datetime.timedelta(minutes=n), **fields)
        for n, headline in enumerate(headlines)
    ]


def headlines(edition: Edition) -> list[str]:
    found = StoryPage.objects.in_bulk(contents.stories_in(edition))
    return [found[pk].title for pk in contents.stories_in(edition)]


def test_it_is_made_before_its_time_and_waits_for_approval(letter, section):
    chief = User.objects.create_user("anna", email="anna@example.org")
    give_role(chief, PRODUCER)
    stories(section, "First", "Second", "Third")
    a_rule(letter, minutes_before=60)
    assert digests.make_due(NOW) == 1
    edition = Edition.objects.get()
    assert (edition.kind, edition.state) == ("digest", "approving")
    assert edition.send_at == NOW.replace(hour=7, minute=0)
    assert headlines(edition) == ["Third", "Second", "First"]
    assert edition.subject == "Third"
    assert [row.rcpt_to for row in OutgoingMail.objects.all()] == ["anna@example.org"]
    assert delivery.start_due(edition.send_at) == 0


def test_by_itself_it_is_sent_at_its_time(letter, section):
    stories(section, "First")
    a_rule(letter, by_itself=True)
    digests.make_due(NOW)
    edition = Edition.objects.get()
    assert edition.state == "scheduled"
    assert delivery.start_due(edition.send_at - HOUR) == 0
    assert delivery.start_due(edition.send_at) == 1


def test_it_is_made_once_however_often_the_clock_ticks_and_whoever_else_does(
    letter, section, monkeypatch
):
    stories(section, "First")
    rule = a_rule(letter)
    assert digests.make_due(NOW) == 1
    assert digests.make_due(NOW) == 0
    # Another machine's press, which has not seen the row yet.
    monkeypatch.setattr(DigestRun.objects, "filter", lambda **_: DigestRun.objects.none())
    assert digests._make(rule, NOW) == 0
    assert Edition.objects.count() == 1


def test_too_early_and_on_other_days_nothing_is_made(letter, section):
    stories(section, "First")
    a_rule(letter, monday=False, minutes_before=60)
    assert digests.last_due(DigestRule.objects.get(), NOW).period == "2027-03-19T07:00"
    rule = a_rule(letter, minutes_before=20)
    assert digests.last_due(rule, NOW).period == "2027-03-19T07:00"
    assert digests.last_due(rule, NOW + HOUR / 4).period == "2027-03-22T07:00"


def test_what_was_sent_is_not_told_again_and_what_came_after_it_was_made_is(letter, section):
    old, made = stories(section, "Old", "In the last one", ago=30 * HOUR)
    an_edition(letter, ("story", made), kind="digest", created_at=NOW - 24 * HOUR)
    sent(Edition.objects.get(), ago=23 * HOUR)
    stories(section, "After it was made", ago=23.5 * HOUR)
    stories(section, "Fresh", ago=2 * HOUR)
    a_rule(letter)
    digests.make_due(NOW)
    assert headlines(Edition.objects.get(state="approving")) == ["Fresh", "After it was made"]
    assert old.title not in headlines(Edition.objects.get(state="approving"))


def test_one_that_waits_keeps_its_stories_from_the_next(letter, section):
    stories(section, "First")
    a_rule(letter)
    digests.make_due(NOW)
    stories(section, "Second", ago=-20 * HOUR)
    assert digests.make_due(NOW + 24 * HOUR) == 1
    newest = Edition.objects.order_by("-pk").first()
    assert headlines(newest) == ["Second"]


def test_only_its_sections_and_topics(letter, section, newsroom):
    world = newsroom.add_child(instance=SectionPage(title="World", slug="world"))
    other = newsroom.add_child(instance=SectionPage(title="Sport", slug="sport"))
    rivers = Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)
    floods = Topic.objects.create(name="Floods", slug="floods", locale=newsroom.locale)
    stories(section, "Elsewhere")
    stories(world, "In the section")
    stories(other, "On the topics", topics=[rivers, floods], ago=4 * HOUR)
    rule = a_rule(letter)
    rule.sections.add(world)
    rule.topics.add(rivers, floods)
    digests.make_due(NOW)
    assert headlines(Edition.objects.get()) == ["On the topics", "In the section"]


def test_nothing_that_readers_may_not_have_is_in_it(letter, section):
    draft, retracted, sponsored, _fine = stories(section, "Draft", "Retracted", "Ad", "Fine")
    StoryPage.objects.filter(pk=draft.pk).update(
        live=False, embargo_until=NOW + HOUR, first_published_at=NOW - HOUR
    )
    StoryPage.objects.filter(pk=retracted.pk).update(retracted=True)
    StoryPage.objects.filter(pk=sponsored.pk).update(kind="sponsored")
    a_rule(letter)
    digests.make_due(NOW)
    assert headlines(Edition.objects.get()) == ["Fine"]


def test_no_more_than_at_most_and_the_newest(letter, section, newsroom):
    stories(section, *[f"Story {n}" for n in range(6)])
    a_brief(newsroom.locale, "Power is back.", published_at=NOW - HOUR)
    a_rule(letter, most=3, briefs=True)
    digests.make_due(NOW)
    edition = Edition.objects.get()
    assert headlines(edition) == ["Story 5", "Story 4", "Story 3"]
    assert [block["type"] for block in contents.blocks_of(edition)][3:] == ["brief"]


def test_one_with_too_little_is_skipped_and_says_so(letter, section, signed_in):
    stories(section, "First")
    rule = a_rule(letter, least=3)
    assert digests.make_due(NOW) == 1
    assert digests.make_due(NOW) == 0
    assert not Edition.objects.exists()
    run = DigestRun.objects.get()
    assert (
        run.why_skipped.startswith("Skipped: 1 new story since") and "it takes 3" in run.why_skipped
    )
    client = signed_in("producer")
    assert run.why_skipped in client.get("/admin/snippets/newsletters/digestrule/").content.decode()
    form = client.get(f"/admin/snippets/newsletters/digestrule/edit/{rule.pk}/").content.decode()
    assert run.why_skipped in form and "2027-03-22, 07:00" in form


def test_missed_while_the_machine_was_off_it_is_made_once_and_held_when_late(letter, section):
    stories(section, "First")
    a_rule(letter, by_itself=True)
    back = NOW.replace(day=24, hour=12)
    assert digests.make_due(back) == 1
    assert digests.make_due(back) == 0
    edition = Edition.objects.get()
    assert edition.send_at == back.replace(hour=7, minute=0)
    delivery.start_due(back)
    edition.refresh_from_db()
    assert edition.state == "held" and "Nobody has got it" in edition.why_held


def test_an_hour_late_it_still_goes(letter, section):
    stories(section, "First")
    a_rule(letter, by_itself=True)
    digests.make_due(NOW + 1.4 * HOUR)
    assert delivery.start_due(NOW + 1.4 * HOUR) == 1
    assert Edition.objects.get().state == "preparing"


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2027-03-28", [1.0]),  # 3:30 does not exist: half an hour after the clocks went forward
        ("2027-10-31", [0.5]),  # 3:30 comes twice: the first
    ],
)
def test_in_the_night_the_clocks_change_it_is_due_once(letter, day, hours):
    rule = a_rule(letter, at=datetime.time(3, 30), sunday=True, minutes_before=0)
    midnight = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00")
    found = set()
    for minute in range(-180, 8 * 60, 5):
        now = midnight + datetime.timedelta(minutes=minute)
        due = digests.last_due(rule, now)
        if due and due.period.startswith(day):
            found.add((due.period, (due.at - midnight) / HOUR))
    assert found == {(f"{day}T03:30", hour + 0.5 if hour == 1.0 else hour) for hour in hours}


def test_a_rule_made_after_its_time_begins_tomorrow(letter, section):
    stories(section, "First")
    a_rule(letter, since=NOW + HOUR)
    assert digests.make_due(NOW + 2 * HOUR) == 0
    assert digests.make_due(NOW + 24 * HOUR) == 1


def test_one_that_nobody_approved_in_time_is_an_alarm(letter, section):
    stories(section, "First")
    a_rule(letter)
    digests.make_due(NOW)
    said = [each for each in holding.alarms() if "nobody has approved" in each]
    assert said == []
    Edition.objects.update(send_at=NOW - HOUR)
    said = [each for each in holding.alarms() if "nobody has approved" in each]
    assert len(said) == 1
