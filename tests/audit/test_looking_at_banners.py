"""A breaking banner stands on every page: nobody puts one there, or words into it, behind the
newsroom's back."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.audit import chain, look
from nightdesk.fronts.breaking import actions
from nightdesk.fronts.breaking.models import Banner
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.protecting.actions import Order, protect

from .conftest import by_hand, wrong

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def banner(begun):
    return switched_on()


def switched_on(text="Dam breaks", **more):
    return actions.switch_on(uuid.uuid4(), "en", text, **more).banner


def test_a_banner_that_was_switched_on_is_as_it_should_be(banner):
    assert wrong() == []
    switched_on("Dam holds")
    assert wrong() == []
    anna = User.objects.create_user("anna")
    switched_on("Third", by=anna)
    anna.delete()
    assert wrong() == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("text", "President resigns", "text"),
        ("url", "https://evil.example/", "address"),
        ("until", timezone.now() + 200 * HOUR, "ends"),
        ("kind", "story", "kind"),
        ("thing", "12", "thing"),
    ],
)
def test_whatever_readers_see_of_it_is_compared(banner, column, value, named):
    by_hand(f'UPDATE fronts_banner SET "{column}" = %s WHERE id = %s', value, banner.pk)
    (said,) = wrong()
    assert "what readers get is not what" in said and said.endswith(f"It differs in: {named}.")
    assert look.findings()[0].what == f"fronts.banner:{banner.pk}"


def test_one_moved_to_another_language_is_found(banner):
    uk = Locale.objects.get(language_code="uk").pk
    by_hand("UPDATE fronts_banner SET locale_id = %s WHERE id = %s", uk, banner.pk)
    assert "differs in: locale." in wrong()[0]


def test_one_altered_before_the_chain_has_looked_is_found(begun):
    """What it said stands, sealed, in the log: in the same transaction as the banner itself."""
    banner = switched_on()
    by_hand("UPDATE fronts_banner SET text = 'Forged' WHERE id = %s", banner.pk)
    assert "differs in: text." in wrong()[0]


def test_one_that_nobody_switched_on_is_found(begun):
    now = timezone.now()
    locale = Locale.objects.get(language_code="en")
    Banner.objects.bulk_create([Banner(locale=locale, text="Forged", since=now, until=now + HOUR)])
    assert wrong() == ["“Forged”: readers have it, and nobody has published it in Nightdesk."]


@pytest.mark.parametrize("how", ["off", "replaced"])
def test_one_that_is_back_after_its_end_is_found(banner, how):
    if how == "off":
        actions.switch_off(banner.pk, None)
    else:
        switched_on("Another")
    assert wrong() == []
    by_hand("UPDATE fronts_banner SET ended_at = NULL WHERE id = %s", banner.pk)
    assert "though it was taken down" in wrong()[0]


@pytest.mark.database
def test_one_deleted_by_hand_is_found_until_it_would_be_over_anyway(banner):
    by_hand("DELETE FROM fronts_banner WHERE id = %s", banner.pk)
    (said,) = wrong()
    assert "Dam breaks" in said and "it was deleted by hand" in said
    assert look.findings()[0].what == f"fronts.banner:{banner.pk}"
    with time_machine.travel(timezone.now() + 25 * HOUR):
        assert wrong() == []
    with chain.reading() as book:
        assert book.latest_entry(f"fronts.banner:{banner.pk}", look.MISMATCH)


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [("ended_at", timezone.now(), "ended at"), ("until", timezone.now() - 5 * HOUR, "ends")],
)
def test_one_ended_by_hand_is_found(banner, column, value, named):
    by_hand(f'UPDATE fronts_banner SET "{column}" = %s WHERE id = %s', value, banner.pk)
    assert f"differs in: {named}." in wrong()[0]


def test_one_that_was_switched_off_may_be_deleted_by_whoever_looks_after_the_server(banner):
    actions.switch_off(banner.pk, None)
    by_hand("DELETE FROM fronts_banner WHERE id = %s", banner.pk)
    assert wrong() == []


def test_one_whose_time_is_over_is_nobodys_business_until_it_is_prolonged(begun):
    with time_machine.travel(timezone.now() - 3 * HOUR):
        banner = switched_on()
    assert wrong() == []
    later = timezone.now() + HOUR
    by_hand('UPDATE fronts_banner SET "until" = %s WHERE id = %s', later, banner.pk)
    assert "differs in: ends." in wrong()[0]


def test_one_that_was_on_before_the_chain_began_is_known(newsroom, data):
    banner = switched_on()
    assert wrong() == []
    by_hand("UPDATE fronts_banner SET text = 'Forged' WHERE id = %s", banner.pk)
    (said,) = wrong()
    assert said.startswith("“Forged”")
    look.accept(f"fronts.banner:{banner.pk}", "We did that.")
    assert wrong() == []


def test_a_protected_name_in_a_banner_is_no_forgery(begun, newsroom):
    author = Author.objects.create(name="Olena Bilyk", slug="olena", locale=newsroom.locale)
    desk = Desk.objects.create(name="News desk", slug="desk", locale=newsroom.locale)
    banner = switched_on("Olena Bilyk is free")
    protect(Order(author, desk, (), ""), name="server")
    banner.refresh_from_db()
    assert "Olena" not in banner.text
    assert wrong() == []
