"""Each sees where they are signed in, and ends it there; nobody sees another's."""

from __future__ import annotations

import datetime
import math
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from nightdesk.people import sessions
from nightdesk.people.models import StaffSession

from .signing import SET_UP, account, give_password, is_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.4 Mobile/15E148 Safari/604.1"
)


def browser(agent: str, address: str) -> Client:
    return Client(headers={"user-agent": agent, "x-forwarded-for": address})


@pytest.fixture
def olena(newsroom):
    return account()


@pytest.fixture
def desk(olena):
    client = browser(FIREFOX, "203.0.113.7")
    give_password(client)
    client.get("/admin/")
    return client


@pytest.fixture
def phone(olena):
    client = browser(IPHONE, "2001:db8::9")
    give_password(client)
    client.get("/admin/")
    return client


def numbers(client) -> list[int]:
    page = client.get(SET_UP).content.decode()
    return [int(found) for found in re.findall(r"/admin/sessions/(\d+)/end/", page)]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge, Windows",
        ),
        ("curl/8", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(agent, name):
    assert sessions.browser_name(agent) == name


def test_the_list_says_where_with_what_and_since_when(desk, phone):
    page = desk.get(SET_UP).content.decode()
    assert "Firefox, Linux" in page and "203.0.113.7" in page
    assert "Safari, iPhone" in page and "2001:db8::9" in page
    assert page.count("(this one)") == 1
    assert page.count("last seen") == 2


def test_nobody_sees_or_ends_anothers(desk, newsroom):
    account("administrator", name="taras")
    other = browser(IPHONE, "198.51.100.1")
    give_password(other, "taras")
    other.get("/admin/")
    assert "203.0.113.7" not in other.get(SET_UP).content.decode()
    for row in StaffSession.objects.all():
        if row.user.username == "olena":
            other.post(f"/admin/sessions/{row.pk}/end/")
    assert is_in(desk)


def test_one_is_ended_and_the_others_go_on(desk, phone, olena):
    row = olena.sessions.get(browser__startswith="Safari")
    assert desk.post(f"/admin/sessions/{row.pk}/end/").status_code == 302
    assert not is_in(phone)
    assert is_in(desk)
    assert len(numbers(desk)) == 1


def test_ending_this_one_signs_out(desk, olena):
    desk.post(f"/admin/sessions/{olena.sessions.get().pk}/end/")
    assert not is_in(desk)
    assert not StaffSession.objects.exists()


@pytest.mark.database
def test_all_others_are_ended_even_those_that_no_list_has_seen(desk, phone, olena):
    unseen = Client()
    unseen.force_login(olena)
    StaffSession.objects.filter(session_id=unseen.session.session_key).delete()
    desk.post("/admin/sessions/end-others/")
    assert [is_in(client) for client in (desk, phone, unseen)] == [True, False, False]
    assert len(numbers(desk)) == 1


@pytest.mark.database
def test_an_address_goes_with_its_session(desk, phone, olena):
    phone.post("/admin/logout/")
    assert not StaffSession.objects.filter(address="2001:db8::9").exists()
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    sessions._swept = -math.inf
    assert sessions.forget_expired(timezone.now())
    assert not StaffSession.objects.exists()


def test_a_new_password_ends_the_others(desk, phone, olena):
    olena.set_password("another-night")
    olena.save()
    assert not is_in(desk) and not is_in(phone)
    fresh = Client()
    give_password(fresh, password="another-night")
    assert len(numbers(fresh)) == 1
    assert StaffSession.objects.count() == 1


def test_forms_that_end_sessions_hold_no_key(desk, phone):
    page = desk.get(SET_UP).content.decode()
    assert not any(key in page for key in Session.objects.values_list("pk", flat=True))


def test_looking_at_a_page_does_not_write_each_time(desk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        desk.get("/admin/")
    assert not [one for one in seen if one["sql"].startswith(("UPDATE", "INSERT"))]
