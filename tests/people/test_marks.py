"""A browser in which somebody has signed in is marked as theirs, and stays so signed out."""

from __future__ import annotations

import pytest
from django.conf import settings

from nightdesk.kernel.devices import COOKIE, LIFETIME, Devices

pytestmark = pytest.mark.django_db


def test_signing_in_marks_the_browser_and_signing_out_leaves_the_mark(signed_in, client):
    signed_in("editor")
    client.logout()
    answer = client.post("/admin/login/", {"username": "editor", "password": "night-desk"})
    assert answer.status_code == 302
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"] and cookie["max-age"] == LIFETIME and cookie["samesite"] == "Lax"
    assert Devices(settings.SECRET_KEY).recognise(cookie.value).account == "editor"
    client.post("/admin/logout/")
    assert client.cookies[COOKIE].value == cookie.value


def test_a_wrong_password_marks_nothing(signed_in, client):
    signed_in("editor")
    client.logout()
    answer = client.post("/admin/login/", {"username": "editor", "password": "wrong"})
    assert COOKIE not in answer.cookies


def test_a_mark_is_not_given_anew_with_every_page(signed_in, client):
    signed_in("editor")
    assert COOKIE in client.get("/admin/").cookies
    assert COOKIE not in client.get("/admin/").cookies


def test_the_link_that_a_reset_prints_marks_the_browser(client, newsroom):
    mark = Devices(settings.SECRET_KEY).mark("olena")
    answer = client.get(f"/admin/login/?device={mark}")
    assert Devices(settings.SECRET_KEY).recognise(answer.cookies[COOKIE].value).account == "olena"
    client.cookies.clear()
    assert COOKIE not in client.get(f"/admin/login/?device={mark}x").cookies
