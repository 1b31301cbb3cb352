"""Passwords are tried, resets asked for and searches made a few times, and then one waits.

Nothing of it may lock out those it protects.
"""

from __future__ import annotations

import os
import time
from urllib.parse import urlencode

import pytest

from nightdesk.kernel.devices import Devices
from nightdesk.newsstand.buckets import Buckets, allowed

SECRET = "the newsroom's secret"
FORM = {"content_type": "application/x-www-form-urlencoded"}


@pytest.fixture
def newsstand(site, open_newsstand):
    return open_newsstand(trusted=["127.0.0.1"], secret=SECRET)


def try_to_sign_in(newsstand, account: str, client: str, path="/admin/login/", **headers: str):
    form = urlencode({"username": account, "password": "guess"})
    return newsstand.get(path, "POST", form, x_forwarded_for=client, **(FORM | headers))


def ask_for_reset(newsstand, email: str, client: str):
    form = urlencode({"email": email})
    return newsstand.get("/admin/password_reset/", "POST", form, x_forwarded_for=client, **FORM)


def marked(account: str) -> dict[str, str]:
    return {"cookie": f"nightdesk_device={Devices(SECRET).mark(account)}"}


def test_one_client_tries_a_few_passwords_and_then_waits(site, open_newsstand):
    newsstand = open_newsstand(trusted=["127.0.0.1"], sign_ins_by_strangers=1000)
    got = [try_to_sign_in(newsstand, f"name-{n}", "203.0.113.1").status for n in range(30)]
    assert got == [200] * 20 + [429] * 10
    assert len(site.seen) == 20
    assert try_to_sign_in(newsstand, "another", "203.0.113.2").status == 200


def test_the_refusal_says_what_to_do_and_when(site, open_newsstand):
    newsstand = open_newsstand(sign_ins_by_client=1)
    try_to_sign_in(newsstand, "olena", "")
    answer = try_to_sign_in(newsstand, "olena", "")
    page = answer.body.decode()
    assert answer.status == 429
    assert 1 <= int(answer["retry-after"]) <= 30
    assert "Too many attempts to sign in." in page
    assert "nightdesk user reset NAME" in page
    assert answer["cache-control"] == "no-store"


def test_one_account_is_tried_from_everywhere_a_few_times(site, open_newsstand):
    newsstand = open_newsstand(trusted=["127.0.0.1"], sign_ins_by_strangers=1000)
    names = ["olena", "Olena", " OLENA ", "ｏlena"]
    got = [try_to_sign_in(newsstand, names[n % 4], f"203.0.113.{n}").status for n in range(20)]
    assert got == [200] * 10 + [429] * 10


def test_a_customer_with_many_ipv6_addresses_is_one_client(site, open_newsstand):
    newsstand = open_newsstand(trusted=["127.0.0.1"], sign_ins_by_strangers=1000)
    got = [try_to_sign_in(newsstand, f"n-{n}", f"2001:db8:1:2::{n:x}").status for n in range(25)]
    assert got.count(429) == 5
    assert try_to_sign_in(newsstand, "n", "2001:db8:1:3::1").status == 200


def test_all_strangers_together_have_one_password_in_two_seconds_checked(site, newsstand):
    began = time.monotonic()
    got = [try_to_sign_in(newsstand, f"name-{n}", f"203.0.113.{n}").status for n in range(40)]
    assert 5 <= got.count(200) <= 6 + (time.monotonic() - began) / 2


def test_an_editor_in_her_own_browser_passes_whoever_tries_her_password(site, newsstand):
    for number in range(60):
        try_to_sign_in(newsstand, "olena", f"203.0.113.{number}")
    assert try_to_sign_in(newsstand, "olena", "203.0.113.200").status == 429
    assert try_to_sign_in(newsstand, "Olena", "203.0.113.1", **marked("olena")).status == 200


def test_the_link_of_a_reset_opens_the_door_in_a_new_browser(site, newsstand):
    for number in range(200):
        newsstand.get("/admin/login/", x_forwarded_for=f"203.0.113.{number % 3}")
    assert newsstand.get("/admin/login/", x_forwarded_for="203.0.113.1").status == 429
    address = f"/admin/login/?device={Devices(SECRET).mark('olena')}"
    assert newsstand.get(address, x_forwarded_for="203.0.113.1").status == 200
    assert newsstand.get(address + "x", x_forwarded_for="203.0.113.1").status == 429


def test_a_mark_serves_its_own_account_alone(site, open_newsstand):
    newsstand = open_newsstand(secret=SECRET, sign_ins_by_account=3)
    got = [try_to_sign_in(newsstand, "owner", "", **marked("olena")).status for _ in range(6)]
    assert got == [200] * 3 + [429] * 3


def test_a_stolen_browser_cannot_try_for_ever(site, open_newsstand):
    newsstand = open_newsstand(secret=SECRET)
    cookie = marked("olena")
    got = [try_to_sign_in(newsstand, "olena", "", **cookie).status for _ in range(15)]
    assert got == [200] * 10 + [429] * 5


def test_a_whole_newsroom_behind_one_address_signs_in_in_the_morning(site, open_newsstand):
    """Those who succeed do not count."""
    newsstand = open_newsstand(secret=SECRET, door_burst=200)
    for number in range(60):
        path = "/admin/login/"
        answer = try_to_sign_in(newsstand, f"editor-{number}", "", path, x_password="right")
        assert answer.status == 302, number


def test_who_knows_a_password_has_no_more_tries_at_codes(site, open_newsstand):
    """A right password with a code still to give is answered 303, and stays counted."""
    newsstand = open_newsstand(trusted=["127.0.0.1"], sign_ins_by_strangers=1000)
    got = []
    for number in range(8):
        at = f"203.0.113.{number}"
        got.append(try_to_sign_in(newsstand, "olena", at, x_password="half").status)
        got.append(try_to_sign_in(newsstand, "olena", at, "/admin/login/code/").status)
    assert got == [303, 200] * 5 + [429] * 6


def test_both_steps_of_who_succeeds_are_forgotten(site, open_newsstand):
    newsstand = open_newsstand(sign_ins_by_client=5, door_burst=200)
    for number in range(20):
        name = f"editor-{number}"
        assert try_to_sign_in(newsstand, name, "", x_password="half").status == 303
        answer = try_to_sign_in(newsstand, name, "", "/admin/login/code/", x_password="right")
        assert answer.status == 302, number


def test_signing_in_by_passkey_is_no_try_at_an_account(site, open_newsstand):
    """There is nothing to guess, so strangers who try an account do not close that way."""
    newsstand = open_newsstand(sign_ins_by_client=1, sign_ins_by_account=1)
    for _ in range(3):
        try_to_sign_in(newsstand, "olena", "")
    form = urlencode({"passkey": "{}"})
    assert newsstand.get("/admin/login/passkey/", "POST", form, **FORM).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/admin/login/",
        "/admin/login/code/",
        "/_util/login/",
        "/uk/_util/login/",
        "/_util/authenticate_with_password/1/2/",
    ],
)
def test_every_address_that_checks_a_password_is_guarded(site, open_newsstand, path):
    newsstand = open_newsstand(sign_ins_by_client=2)
    got = [try_to_sign_in(newsstand, f"name-{n}", "", path).status for n in range(3)]
    assert got == [200, 200, 429]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="username"',
        ),
        ("text/plain", b"username=olena"),
        ("", b"username=olena"),
        ("application/x-www-form-urlencoded", b"&".join(b"f=%d" % n for n in range(60))),
    ],
)
def test_a_form_that_the_site_could_read_otherwise_is_refused(site, newsstand, kind, body):
    headers = {"content_type": kind} if kind else {}
    assert newsstand.get("/admin/login/", "POST", body, **headers).status == 400
    assert site.seen == []


def test_of_a_field_given_twice_the_last_counts_as_it_does_in_the_site(site, open_newsstand):
    newsstand = open_newsstand(sign_ins_by_account=1)
    forms = [f"username=decoy-{n}&username=olena&password=x" for n in range(3)]
    got = [newsstand.get("/admin/login/", "POST", form, **FORM).status for form in forms]
    assert got == [200, 429, 429]


def test_three_mails_an_hour_for_one_address_known_or_not(site, newsstand):
    got = [
        ask_for_reset(newsstand, email, f"203.0.113.{n}").status
        for n, email in enumerate(["a@b.example", "A@b.example", " a@B.example", "a@b.example"])
    ]
    assert got == [200, 200, 200, 429]
    answer = ask_for_reset(newsstand, "a@b.example", "203.0.113.9")
    assert int(answer["retry-after"]) > 600
    assert "Too many requests for a new password." in answer.body.decode()


def test_the_staff_lane_is_not_opened_by_a_cookie_that_anybody_can_send(site, newsstand):
    """Only staff may send large files, so a large claim tells the lanes apart."""
    claim = (
        b"POST /admin/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        b"Cookie: nightdesk_session=made-up; nightdesk_staff=1%s\r\nContent-Length: 100000\r\n\r\n"
    )
    assert b" 413 " in newsstand.raw(claim % b"; nightdesk_device=made.up.too", wait=20)[:20]
    mark = f"; nightdesk_device={Devices(SECRET).mark('olena')}".encode()
    assert b'"body_length": 100000' in newsstand.raw(claim % mark + b"a" * 100_000, wait=20)


def test_a_client_searches_a_few_times_and_then_once_a_second(site, newsstand):
    got = [newsstand.get("/search/?q=a", x_forwarded_for="203.0.113.1").status for _ in range(40)]
    assert 30 <= got.count(200) <= 34
    assert got[-1] == 429
    assert newsstand.get("/uk/search/?q=a", x_forwarded_for="203.0.113.1").status == 429
    assert newsstand.get("/search/?q=a", x_forwarded_for="203.0.113.2").status == 200
    assert newsstand.get("/news/", x_forwarded_for="203.0.113.1").status == 200


def test_many_who_search_never_hold_up_a_page(site, open_newsstand):
    from .test_pages_from_the_shelf import soon
    from .test_who_waits_behind_whom import ask_all

    site.hold()
    newsstand = open_newsstand()
    answers, threads = ask_all(newsstand, 30, "/search/slow")
    soon(lambda: site.at_once == 2 and answers.count(503) == 8, 20)
    assert newsstand.get("/news/").status == 200
    assert site.most_at_once == 2
    assert answers == [503] * 8, "nobody's turn has come"
    newsstand.process.kill()
    for thread in threads:
        thread.join()


def test_what_is_counted_has_a_fixed_size():
    buckets = Buckets(5, 60, size=100)
    for number in range(10_000):
        buckets.take(os.urandom(4) + bytes([number % 256]))
    assert len(buckets) == 100


def test_a_bucket_fills_again_drop_by_drop():
    buckets = Buckets(2, 10)
    assert [buckets.wait("a", now=100.0), buckets.take("a", now=100.0)] == [0, None]
    buckets.take("a", now=100.0)
    assert buckets.wait("a", now=100.0) == pytest.approx(10)
    assert buckets.wait("a", now=105.0) == pytest.approx(5)
    assert buckets.wait("a", now=110.0) == 0
    assert buckets.wait("b", now=100.0) == 0


def test_a_flood_that_one_bucket_stops_does_not_empty_the_others():
    one, all_of_them = Buckets(1, 1000), Buckets(10, 1000, size=1)
    for _ in range(50):
        allowed([(one, "a"), (all_of_them, "all")])
    assert allowed([(one, "b"), (all_of_them, "all")]) == 0
