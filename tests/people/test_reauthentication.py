"""Who may do what is changed only on a recent proof, and nothing typed is lost over it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from nightdesk.people.models import User
from nightdesk.people.reauthentication import TRIES, required
from nightdesk.run.urls import urlpatterns as newsroom_urls

from .signing import PASSWORD, account, code_of, give_code, give_password, is_in, with_app

pytestmark = pytest.mark.django_db


@required(reading=True)
def hand_out(request):
    return HttpResponse("the export")


@required
def take_down(request):
    return HttpResponse(" ".join(sorted(request.POST)))


urlpatterns = [
    path("admin/take-down/", take_down),
    path("admin/hand-out/", hand_out),
    *newsroom_urls,
]
ASKS = "Show that it is you"


@pytest.fixture
def taras(newsroom):
    return account("reporter", name="taras")


@pytest.fixture
def administrator(client, newsroom):
    user = account("administrator")
    give_password(client)
    return user


def later(client, minutes: int) -> None:
    """As if the last proof had been given so long ago."""
    session = client.session
    session[RECORDS] = [one | {"at": time.time() - minutes * 60} for one in session[RECORDS]]
    session.save()


def edit(client, user: User, **typed: str):
    administrator = Group.objects.get(name="Administrator").pk
    form = {
        "username": user.username,
        "email": "new@news.example",
        "first_name": " <Taras>\n& 'co'",
        "last_name": "Two",
        "is_active": "on",
        "groups": [administrator],
    }
    return client.post(f"/admin/users/edit/{user.pk}/", form | typed)


def sent_on(page: str) -> dict[str, list[str]]:
    """The form of the page as a browser would send it."""
    form = BeautifulSoup(page, "html.parser").select_one("form.login-form")
    held: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name]"):
        text = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
        held.setdefault(field["name"], []).append(text)
    return held


def test_a_fresh_sign_in_is_proof_enough(client, administrator, taras):
    assert edit(client, taras).status_code == 302
    taras.refresh_from_db()
    assert taras.email == "new@news.example"


def test_an_old_one_is_asked_again_and_the_form_goes_on(client, administrator, taras):
    later(client, 16)
    answer = edit(client, taras, password1="a-first-password", password2="a-first-password")
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert ASKS in page
    taras.refresh_from_db()
    assert taras.email == ""
    form = sent_on(page) | {"proof_password": [PASSWORD]}
    answer = client.post(f"/admin/users/edit/{taras.pk}/", form)
    assert answer.status_code == 302, answer.content.decode()
    taras.refresh_from_db()
    assert taras.email == "new@news.example"
    assert taras.first_name == "<Taras>\n& 'co'"
    assert [group.name for group in taras.groups.all()] == ["Administrator"]
    assert taras.check_password("a-first-password")
    assert edit(client, taras, email="again@news.example").status_code == 302


def test_a_wrong_proof_changes_nothing_and_keeps_the_form(client, administrator, taras):
    later(client, 16)
    page = edit(client, taras).content.decode()
    form = sent_on(page) | {"proof_password": ["wrong"]}
    answer = client.post(f"/admin/users/edit/{taras.pk}/", form)
    assert answer.status_code == 403
    assert "That was not right." in answer.content.decode()
    assert sent_on(answer.content.decode())["email"] == ["new@news.example"]
    taras.refresh_from_db()
    assert taras.email == ""


def test_a_stolen_session_cannot_go_on_guessing(client, administrator, taras):
    later(client, 16)
    for number in range(TRIES):
        answer = edit(client, taras, proof_password=f"guess {number}")
    assert answer.status_code == 302 and answer.url == "/admin/login/"
    assert not is_in(client)
    assert give_password(Client()).status_code == 302


def test_who_has_a_second_factor_proves_with_it_and_not_with_the_password(client, taras):
    secret = with_app(account("administrator"))
    give_password(client)
    give_code(client, code_of(secret))
    later(client, 16)
    assert "proof_password" not in edit(client, taras).content.decode()
    assert edit(client, taras, proof_password=PASSWORD).status_code == 403
    assert edit(client, taras, proof_code=code_of(secret, later=1)).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/admin/users/new/",
        "/admin/users/edit/{user}/",
        "/admin/users/delete/{user}/",
        "/admin/groups/new/",
        "/admin/groups/edit/{group}/",
        "/admin/groups/delete/{group}/",
        "/admin/bulk/people/user/assign_role/?id={user}",
        "/admin/bulk/people/user/delete/?id={user}",
        "/admin/bulk/people/user/set_active_state/?id={user}",
    ],
)
def test_every_way_to_change_who_may_do_what_asks(client, administrator, taras, address):
    later(client, 16)
    at = address.format(user=taras.pk, group=Group.objects.first().pk)
    answer = client.post(at, {})
    assert answer.status_code == 403 and ASKS in answer.content.decode()
    assert client.get(at).status_code in (200, 302)


def test_other_work_is_not_held_up(client, administrator, newsroom):
    later(client, 600)
    assert ASKS not in client.post("/admin/logout/").content.decode()


@pytest.mark.urls("tests.people.test_reauthentication")
def test_a_view_that_hands_something_out_asks_before_it_is_looked_at(client, administrator):
    assert client.get("/admin/hand-out/?what=all").content == b"the export"
    later(client, 16)
    answer = client.get("/admin/hand-out/?what=all")
    assert answer.status_code == 403
    form = sent_on(answer.content.decode()) | {"proof_password": [PASSWORD]}
    answer = client.post("/admin/hand-out/?what=all", form)
    assert (answer.status_code, answer.url) == (302, "/admin/hand-out/?what=all")
    assert client.get(answer.url).content == b"the export"


def test_whoever_is_not_signed_in_is_not_asked_for_proof(client, newsroom):
    answer = client.post("/admin/users/new/", {"proof_password": "x"})
    assert answer.status_code == 302 and re.match("/admin/login/", answer.url)


@pytest.mark.urls("tests.people.test_reauthentication")
def test_a_view_gets_what_was_typed_and_never_the_proof(client, administrator):
    later(client, 16)
    page = client.post("/admin/take-down/", {"why": "a court said so", "tick": ["1", "2"]})
    form = sent_on(page.content.decode())
    assert form["tick"] == ["1", "2"]
    form |= {"proof_password": [PASSWORD], "proof_code": [""]}
    assert client.post("/admin/take-down/", form).content == b"csrfmiddlewaretoken tick why"
