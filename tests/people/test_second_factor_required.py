"""Whoever can publish sets up a second factor before anything else."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from nightdesk.people.models import User
from nightdesk.people.sign_in.standing import can_publish
from tests.making import a_story

from .signing import SET_UP, account, code_of, give_code, give_password, is_in, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR = "required"


def set_up_an_app(client) -> str:
    """Through the page: reads the secret, gives its code; the secret."""
    page = client.get(SET_UP + "app/").content.decode()
    secret = re.search(r'desk-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    answer = client.post(SET_UP + "app/", {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, SET_UP + "codes/"), answer.content.decode()
    return secret


@pytest.mark.parametrize(
    ("role", "publishes"),
    [
        ("reporter", False),
        ("editor", True),
        ("producer", True),
        ("desk-chief", True),
        ("administrator", True),
    ],
)
def test_who_can_publish(newsroom, role, publishes):
    assert can_publish(account(role)) is publishes


def test_the_owner_and_the_publisher_of_one_thing_can_publish(newsroom):
    assert can_publish(User.objects.create_superuser("owner", password="x"))
    user = account("reporter")
    group = Group.objects.create(name="Briefs")
    group.permissions.add(*_permissions("publish_brief"))
    user.groups.add(group)
    assert can_publish(User.objects.get(pk=user.pk))


def _permissions(codename):
    from django.contrib.auth.models import Permission

    found = Permission.objects.filter(codename=codename)
    assert found
    return found


def test_a_reporter_may_go_without(client, newsroom):
    account("reporter")
    assert give_password(client).url == "/admin/"
    assert is_in(client)


def test_an_editor_is_led_to_set_one_up_and_then_to_where_they_were_going(client, newsroom):
    account()
    answer = give_password(client, next="/admin/pages/")
    assert answer.url.startswith(SET_UP)
    page = client.get(answer.url).content.decode()
    assert "Protect your account first" in page
    set_up_an_app(client)
    codes = re.findall(
        r"<code>(\d{4} \d{4})</code>", client.get(SET_UP + "codes/").content.decode()
    )
    assert len(codes) == 10
    assert client.post(SET_UP + "codes/").url == "/admin/pages/"
    assert is_in(client)
    assert client.get(SET_UP + "codes/").url == SET_UP
    fresh = Client()
    give_password(fresh)
    assert give_code(fresh, codes[0]).status_code == 302


def test_until_then_nothing_else_opens(client, newsroom, section):
    account()
    story = a_story(section, "A headline")
    answer = give_password(client)
    assert "nightdesk_staff" not in answer.cookies
    home = newsroom.pk
    for path in (
        "/admin/",
        "/admin/pages/",
        f"/admin/pages/{home}/edit/",
        f"/admin/pages/{story.pk}/view_draft/",
        f"/admin/pages/{story.pk}/edit/preview/",
        "/admin/api/main/pages/",
        "/admin/images/",
        "/admin/account/",
        "/admin/brief/",
        "/admin/reports/site-history/",
        "/admin//second-factor/../",
        "/admin/sessions/1/end/",
    ):
        for headers in ({}, {"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code in (302, 401, 403, 404, 405), path
            if answer.status_code == 302:
                assert answer.url.startswith("/admin/login/"), path
    before = story.latest_revision_id
    client.post(
        f"/admin/pages/{story.pk}/edit/", {"title": "Hacked", "action-publish": "action-publish"}
    )
    client.post(f"/admin/pages/{story.pk}/unpublish/")
    story.refresh_from_db()
    assert (story.title, story.live, story.latest_revision_id) == ("A headline", True, before)
    assert client.get(f"/staff/edit-link/?page={story.pk}").json() == {}
    client.get(SET_UP)
    assert "nightdesk_staff" not in client.cookies
    assert client.get("/admin/login/").url.startswith(SET_UP)


def test_leaving_is_always_possible(client, newsroom):
    account()
    give_password(client)
    client.post("/admin/logout/")
    assert client.get(SET_UP).url.startswith("/admin/login/")


def test_who_becomes_a_publisher_while_signed_in_is_asked_at_once(client, newsroom):
    user = account("reporter")
    give_password(client)
    assert is_in(client)
    from nightdesk.people.roles import give_role

    give_role(user, "editor")
    assert not is_in(client)


def test_the_last_one_stays_with_who_must_have_one(client, newsroom):
    user = account()
    secret = with_app(user)
    give_password(client)
    give_code(client, code_of(secret))
    app = Authenticator.objects.get(user=user, type="totp")
    assert "Remove the app" not in client.get(SET_UP).content.decode()
    client.post(f"{SET_UP}{app.pk}/remove/")
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_nobody_removes_anothers(client, newsroom):
    account("reporter")
    other = account("reporter", name="taras")
    with_app(other)
    give_password(client)
    for one in Authenticator.objects.filter(user=other):
        assert client.post(f"{SET_UP}{one.pk}/remove/").status_code in (302, 404)
        assert Authenticator.objects.filter(pk=one.pk).exists()


def test_the_picture_to_scan_is_drawn_by_us(client, newsroom):
    account()
    give_password(client)
    page = client.get(SET_UP + "app/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert not re.search(
        r'(?:src|href)="(?:https?:)?//', page.replace("https://www.enable-javascript.com/", "")
    )


def test_a_wrong_code_keeps_the_same_secret(client, newsroom):
    account()
    give_password(client)
    shown = [client.get(SET_UP + "app/").content.decode()]
    shown.append(client.post(SET_UP + "app/", {"code": "000000"}).content.decode())
    secrets = {re.search(r'desk-secret">([A-Z2-7 ]+)<', page)[1] for page in shown}
    assert len(secrets) == 1
    assert "That code is not right." in shown[1]


def test_a_second_factor_ends_other_sessions(client, newsroom):
    account("reporter")
    elsewhere = Client()
    give_password(elsewhere)
    give_password(client)
    set_up_an_app(client)
    assert is_in(client)
    assert not is_in(elsewhere)
    assert "A new way to prove that it is you was added" in client.get("/admin/").content.decode()


def test_offered_is_said_on_the_desk(client, newsroom, settings):
    settings.SECOND_FACTOR = "offered"
    user = account()
    give_password(client)
    assert "is only offered" in client.get("/admin/").content.decode()
    with_app(user)
    fresh = Client()
    give_password(fresh)
    assert not is_in(fresh)
