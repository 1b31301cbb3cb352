"""When an edition is sent: on the newsletter's clock, through the nights in which clocks change."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from django.utils import timezone

from nightdesk.mail.doctor.facts import domains_of
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.editions import actions, times
from nightdesk.newsletters.editions.arriving import KeepArrivals
from nightdesk.newsletters.editions.times import Pace, WrongTimeError
from nightdesk.newsletters.models import Edition
from nightdesk.settings.table import Settings
from tests.newsletters.composing import a_newsletter, an_edition, readers, sent

KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
NOW = datetime.datetime(2027, 3, 20, 10, 12, tzinfo=KYIV)


def at(text: str, zone=KYIV, now=NOW) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    return times.moment(moment.date(), moment.time(), zone, now)


def test_a_time_is_meant_on_the_newsletters_clock():
    assert at("2027-03-22T07:00").isoformat() == "2027-03-22T05:00:00+00:00"
    assert at("2027-03-29T07:00").isoformat() == "2027-03-29T04:00:00+00:00"
    assert at("2027-03-22T07:00", NEW_YORK).isoformat() == "2027-03-22T11:00:00+00:00"


def test_a_time_that_the_clocks_leave_out_is_refused_in_plain_words():
    with pytest.raises(WrongTimeError) as wrong:
        at("2027-03-28T03:30")
    assert str(wrong.value) == (
        "There is no 3:30 on 28 March 2027 in Kyiv: that night the clocks go forward. Choose a "
        "time before or after."
    )


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    assert at("2027-10-31T03:30").isoformat() == "2027-10-31T00:30:00+00:00"


def test_a_time_that_has_passed_is_refused_in_plain_words():
    with pytest.raises(WrongTimeError) as wrong:
        at("2027-03-20T10:00")
    assert str(wrong.value).startswith("10:00")
    assert "has passed: it is 10:12" in str(wrong.value)


@pytest.mark.parametrize("zone", [KYIV, NEW_YORK])
def test_a_slip_in_the_year_is_refused_in_plain_words(zone):
    for day in ("9999-12-31T23:59", "2072-03-22T07:00", "2028-03-22T07:00"):
        with pytest.raises(WrongTimeError, match=r"is more than a year away\. Look at the year\."):
            at(day, zone)
    for day in ("0001-01-01T00:00", "2007-03-22T07:00"):
        with pytest.raises(WrongTimeError, match=r"has passed: it is \d+:\d\d in [^()]+ now"):
            at(day, zone)
    assert at("2028-03-20T07:00", zone).year == 2028


def test_to_arrive_by_seven_it_begins_as_much_earlier_as_it_takes():
    by = at("2027-03-22T07:00")
    start = times.start_to_arrive(by, 12_431, Pace(14, is_set=True), KYIV, NOW)
    takes = datetime.timedelta(seconds=12_431 / 14)
    assert datetime.timedelta() < by - start - takes < datetime.timedelta(minutes=4)


def test_across_the_night_of_the_change_it_takes_as_long_as_on_any_other():
    spring = at("2027-03-28T04:30")
    start = times.start_to_arrive(spring, 36_000, Pace(10), KYIV, NOW)
    assert start.astimezone(KYIV).time() < datetime.time(2, 30)
    assert spring - start == datetime.timedelta(minutes=67)


def test_what_cannot_arrive_in_time_says_when_it_can():
    with pytest.raises(WrongTimeError) as wrong:
        times.start_to_arrive(at("2027-03-20T10:20"), 12_000, Pace(10), KYIV, NOW)
    said = str(wrong.value)
    assert said.startswith("To be there by 10:20") and "and it is 10:12" in said
    assert "It can be there by 10:37" in said


def test_without_a_known_pace_nobody_promises_an_arrival():
    with pytest.raises(WrongTimeError, match="How fast your relay takes mail is not known yet"):
        times.start_to_arrive(at("2027-03-22T07:00"), 5, Pace(), KYIV, NOW)


@pytest.fixture
def letter(newsroom):
    return a_newsletter(newsroom.locale, time_zone="Europe/Kyiv")


@pytest.fixture
def rate(settings):
    def _rate(value: float):
        settings.NIGHTDESK = type(settings.NIGHTDESK)({"NIGHTDESK_MAIL_RATE": str(value or "")})
        settings.TIME_ZONE = "Europe/Kyiv"

    return _rate


@pytest.mark.django_db
def test_the_question_names_the_readers_and_when_it_ends(letter, rate):
    rate(14.0)
    edition = an_edition(letter, subject="Bridge closed")
    now = datetime.datetime(2027, 3, 20, 7, 0, tzinfo=KYIV)
    assert times.question(edition, 12_431, now) == (
        "Send “Bridge closed” to 12,431 readers now? At your relay's 14 a second it ends at 7:14."
    )
    assert times.question(edition, 1, now).startswith("Send “Bridge closed” to 1 reader now?")
    late = datetime.datetime(2027, 3, 20, 23, 55, tzinfo=KYIV)
    assert times.question(edition, 12_431, late).endswith("it ends at 0:09 on 21 March.")


@pytest.mark.django_db
def test_without_a_rate_the_last_large_edition_speaks_or_nobody_does(letter, rate):
    rate(0.0)
    edition = an_edition(letter, subject="Bridge closed")
    now = datetime.datetime(2027, 3, 20, 7, 0, tzinfo=KYIV)
    assert times.question(edition, 500, now).endswith(
        "How fast your relay takes them is not known yet; the page that follows counts."
    )
    from nightdesk.newsletters.models import Delivery

    before = sent(an_edition(letter, total=200))
    Delivery.objects.bulk_create(
        Delivery(edition=before, subscriber=reader, state=Delivery.State.SENT)
        for reader in readers(letter, 200)
    )
    assert times.question(edition, 500, now).endswith(
        "At the pace of your last edition, 0.7 a second, it ends at 7:12."
    )
    assert times.ends(edition, 500, now, 30) == "Spread over 30 minutes, it ends at 7:30."


@pytest.mark.django_db
def test_scheduling_approves_it_and_taking_it_back_leaves_a_draft(letter, django_user_model):
    anna = django_user_model.objects.create_user("anna")
    edition = an_edition(letter)
    later = timezone.now() + datetime.timedelta(hours=1)
    assert actions.schedule(edition, later, anna, spread_minutes=30)
    row = Edition.objects.get()
    assert (row.state, row.send_at, row.approved_by, row.spread_minutes) == (
        "scheduled",
        later,
        anna,
        30,
    )
    assert delivery.start_due(timezone.now()) == 0
    assert actions.take_back(edition, anna)
    assert Edition.objects.get().state == "draft"
    assert delivery.start_due(later) == 0


@pytest.mark.django_db
def test_what_is_on_its_way_is_not_scheduled_anew(letter, django_user_model):
    anna = django_user_model.objects.create_user("anna")
    edition = an_edition(letter)
    delivery.start(Edition.objects.get(), by=anna)
    assert not actions.schedule(edition, timezone.now(), anna)
    assert not actions.take_back(edition, anna)
    assert Edition.objects.get().state == "preparing"


def test_promised_for_seven_it_begins_earlier_when_readers_have_come(newsroom, settings):
    settings.NIGHTDESK = Settings({"NIGHTDESK_MAIL_RATE": "1"})
    morning = a_newsletter(newsroom.locale)
    now = timezone.now().replace(microsecond=0)
    by = now + datetime.timedelta(hours=3)
    edition = an_edition(morning, ("text", "<p>Rain.</p>"))
    begins = times.start_to_arrive(by, 10, times.pace(), morning.zone, now)
    assert actions.schedule(edition, begins, None, arrive_by=by)

    readers(morning, 10)
    keep = KeepArrivals()
    assert keep(now) == 0, "as was promised"
    readers(morning, 600)
    assert keep(now) == 0, "once a minute is enough"
    assert keep(now + datetime.timedelta(minutes=1)) == 1
    edition.refresh_from_db()
    assert (
        datetime.timedelta(minutes=10) < begins - edition.send_at < datetime.timedelta(minutes=13)
    )
    assert edition.arrive_by == by and edition.state == Edition.State.SCHEDULED


def test_promised_and_late_it_begins_at_once(newsroom, settings):
    settings.NIGHTDESK = Settings({"NIGHTDESK_MAIL_RATE": "0.1"})
    morning = a_newsletter(newsroom.locale)
    now = timezone.now()
    by = now + datetime.timedelta(hours=1)
    edition = an_edition(morning, ("text", "<p>Rain.</p>"))
    assert actions.schedule(edition, by - datetime.timedelta(minutes=2), None, arrive_by=by)
    readers(morning, 700)
    assert KeepArrivals()(now) == 1
    delivery.start_due(now)
    edition.refresh_from_db()
    assert edition.state == Edition.State.PREPARING


def test_the_mail_doctor_looks_at_the_domains_of_newsletters_with_a_sender_of_their_own(newsroom):
    a_newsletter(newsroom.locale, from_address="desk@Letters.example")
    found = domains_of(Settings({"NIGHTDESK_MAIL_FROM": "us@post.example"}))
    assert found == ["post.example", "letters.example"]
