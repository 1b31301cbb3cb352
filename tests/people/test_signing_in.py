"""A name and a password, then a second factor; nothing before the last step is done."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.test import Client

from nightdesk.kernel.devices import COOKIE, Devices
from nightdesk.people.models import SecurityNotice
from tests.making import a_story

from .signing import (
    CODE_FORM,
    PASSWORD,
    account,
    code_of,
    give_code,
    give_password,
    is_in,
    recovery_codes,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def olena(newsroom):
    return account()


@pytest.fixture
def secret(olena):
    return with_app(olena)


def test_who_has_no_second_factor_signs_in_with_a_password(client, olena):
    answer = give_password(client)
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert is_in(client)


@pytest.mark.parametrize("typed", ["olena", "Olena@News.example", " olena@news.example "])
def test_an_account_goes_by_its_name_or_its_address(client, newsroom, typed):
    account(email="olena@news.example")
    assert give_password(client, typed).status_code == 302
    assert is_in(client)


def test_an_address_that_two_accounts_have_names_neither(client, newsroom):
    account(email="desk@news.example")
    account(name="taras", email="desk@news.example")
    assert give_password(client, "desk@news.example").status_code == 200
    assert give_password(client, "taras").status_code == 302


def test_the_code_of_an_app_is_the_second_step(client, secret):
    answer = give_password(client, next="/admin/pages/")
    assert (answer.status_code, answer.url) == (303, CODE_FORM)
    answer = give_code(client, code_of(secret))
    assert (answer.status_code, answer.url) == (302, "/admin/pages/")
    assert is_in(client)


def test_after_the_password_alone_nobody_is_signed_in_anywhere(client, secret, section):
    story = a_story(section, "A headline")
    draft = a_story(section, "A draft", live=False)
    answer = give_password(client)
    assert not {"nightdesk_staff", COOKIE} & set(answer.cookies)
    for path in (
        "/admin/",
        f"/admin/pages/{story.pk}/edit/",
        f"/admin/pages/{draft.pk}/edit/preview/",
        f"/admin/pages/{draft.pk}/view_draft/",
        "/admin/api/main/pages/",
        "/admin/second-factor/",
        "/admin/second-factor/app/",
        "/admin/account/",
        "/admin/users/",
    ):
        answer = client.get(path)
        assert answer.status_code in (302, 401, 403, 404), path
        assert answer.status_code != 302 or answer.url.startswith("/admin/login/"), path
    assert client.get(f"/staff/edit-link/?page={story.pk}").json() == {}
    assert "nightdesk_staff" not in client.cookies


def test_a_session_that_proves_only_a_password_ends_when_there_is_a_second_factor(client, olena):
    give_password(client)
    elsewhere = Client()
    give_password(elsewhere)
    with_app(olena)
    assert not is_in(client)
    assert not is_in(elsewhere)


@pytest.mark.database
def test_a_code_serves_once(client, secret):
    with time_machine.travel("2026-11-27 21:00:10", tick=False):
        code = code_of(secret)
        sign_in(client, secret)
        assert is_in(client)
        second = Client()
        give_password(second)
        assert give_code(second, code).status_code == 200
        assert not is_in(second)
        assert give_code(second, code_of(secret, later=1)).status_code == 302


@pytest.mark.database
def test_a_recovery_code_serves_once_and_is_told(client, secret, olena):
    code = recovery_codes(olena)[3]
    give_password(client)
    assert give_code(client, f"{code[:4]} {code[4:]}").status_code == 302
    assert "A recovery code was used" in client.get("/admin/").content.decode()
    second = Client()
    give_password(second)
    assert give_code(second, code).status_code == 200


def test_wrong_codes_end_the_sign_in_and_nobody_elses(secret, olena):
    stranger = Client()
    give_password(stranger)
    got = [give_code(stranger, "000000").status_code for _ in range(5)]
    assert got == [200] * 4 + [303]
    assert give_code(stranger, code_of(secret)).url == "/admin/login/"
    assert not is_in(stranger)
    owner = Client()
    assert sign_in(owner, secret).status_code == 302
    desk = owner.get("/admin/").content.decode()
    assert desk.count("Somebody gave your password and then a wrong code.") == 1


def test_many_strangers_with_the_password_do_not_lock_the_owner_out(secret, olena):
    for _ in range(8):
        stranger = Client()
        give_password(stranger)
        for _ in range(4):
            give_code(stranger, "000000")
    assert sign_in(Client(), secret).status_code == 302


def test_a_code_counts_for_the_account_that_the_form_names(client, secret):
    """The newsstand counts tries by that name, so another name must not do."""
    give_password(client)
    assert give_code(client, code_of(secret), name="decoy").status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize(
    "code", ["", "abc", "12345", "1" * 500, "١٢٣٤٥٦", "\x00", "-1", "123456; drop table"]
)
def test_whatever_is_typed_for_a_code_is_only_wrong(client, secret, code):
    give_password(client)
    assert give_code(client, code).status_code == 200


@pytest.mark.parametrize(
    "sent", ["", "[]", "null", '"x"', "{}", '{"id": 1}', '{"response": {"userHandle": "!!"}}', "{"]
)
def test_whatever_is_sent_for_a_passkey_is_only_not_known(client, secret, sent):
    client.post("/admin/login/passkey/options/")
    answer = client.post("/admin/login/passkey/", {"passkey": sent})
    assert answer.status_code == 200
    assert "No account here knows this passkey" in answer.content.decode()
    give_password(client)
    answer = client.post(CODE_FORM, {"username": "olena", "passkey": sent, "code": ""})
    assert answer.status_code == 200


def test_a_closed_account_signs_in_by_no_step(client, secret, olena):
    give_password(client)
    olena.is_active = False
    olena.save()
    assert give_code(client, code_of(secret)).url == "/admin/login/"
    assert give_password(client).status_code == 200


def test_a_planted_session_is_not_taken_over(client, secret):
    client.get("/admin/login/")
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted.session_key
    give_password(client)
    half = client.session.session_key
    assert half != planted.session_key
    give_code(client, code_of(secret))
    assert client.session.session_key not in (half, planted.session_key)
    thief = Client()
    for key in (half, planted.session_key):
        thief.cookies[django_settings.SESSION_COOKIE_NAME] = key
        assert not is_in(thief)


def test_a_browser_is_marked_by_the_name_that_was_typed(client, newsroom):
    """So that whoever signs in with an address is known by it when strangers try it."""
    account(email="olena@news.example")
    answer = give_password(client, "olena@news.example")
    mark = Devices(django_settings.SECRET_KEY).recognise(answer.cookies[COOKIE].value)
    assert mark.account == "olena@news.example"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_leads_nowhere_else(client, secret, to):
    give_password(client, next=to)
    assert give_code(client, code_of(secret)).url == "/admin/"
    client.logout()
    assert (
        f'value="{to}"'
        not in client.post("/admin/login/passkey/", {"passkey": "", "next": to}).content.decode()
    )


def test_readers_form_of_wagtail_leads_to_the_one_sign_in(client, secret):
    answer = client.post("/_util/login/", {"username": "olena", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/admin/login/")
    assert not is_in(client)
    assert client.get("/uk/_util/login/?next=/x/").url == "/admin/login/?next=/x/"


def test_nobody_signs_up(client):
    for path in ("signup/", "login/signup/", "accounts/signup/", "password/reset/", "email/"):
        assert client.get(f"/admin/{path}").status_code in (302, 404), path
        assert client.get(f"/{path}").status_code == 404, path


def test_what_is_secret_is_encrypted_in_the_database(olena, secret):
    codes = recovery_codes(olena)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_under_another_secret_key_no_code_is_right(client, secret, settings):
    settings.SECRET_KEY = "another" * 10
    give_password(client)
    assert give_code(client, code_of(secret)).status_code == 200
    assert give_code(client, code_of("")).status_code == 200
    assert not is_in(client)


def test_where_passkeys_cannot_work_is_said_in_words(client, olena):
    assert (
        "Sign in with a passkey"
        not in client.get("/admin/login/", headers={"host": "127.0.0.1:8000"}).content.decode()
    )
    assert (
        "Sign in with a passkey"
        in client.get("/admin/login/", headers={"host": "localhost:8000"}).content.decode()
    )
    give_password(client)
    for host, works in {
        "127.0.0.1:8000": False,
        "[::1]:8000": False,
        "news.example": False,
        "localhost:8000": True,
    }.items():
        page = client.get("/admin/second-factor/", headers={"host": host}).content.decode()
        assert ("Add a passkey" in page) is works, host
        assert ("Passkeys need an address with a name and TLS." in page) is not works, host
    page = client.get("/admin/second-factor/", headers={"host": "news.example"}, secure=True)
    assert "Add a passkey" in page.content.decode()


def test_a_new_password_is_told_to_the_account(client, olena):
    give_password(client)
    olena.refresh_from_db()
    olena.set_password("another-night")
    olena.save()
    assert not is_in(client)
    give_password(client, password="another-night")
    assert "Your password was changed." in client.get("/admin/").content.decode()
    notice = SecurityNotice.objects.get()
    client.post("/admin/security/seen/", {"upto": notice.pk})
    assert "Your password was changed." not in client.get("/admin/").content.decode()


def test_a_new_account_is_told_nothing(newsroom):
    account()
    assert not SecurityNotice.objects.exists()
