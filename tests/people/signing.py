"""Second factors as a person would have them: an app's codes, and the forms to give them."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from nightdesk.people.models import User
from nightdesk.people.roles import give_role

PASSWORD = "night-desk"
CODE_FORM = "/admin/login/code/"
SET_UP = "/admin/second-factor/"


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or so many turns later."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later))


def account(role: str = "editor", name: str = "olena", **fields: object) -> User:
    user = User.objects.create_user(name, fields.pop("email", ""), PASSWORD, **fields)
    give_role(user, role)
    return user


def with_app(user: User) -> str:
    """Give the account an app and recovery codes; the app's secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_codes(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def give_password(client, name: str = "olena", password: str = PASSWORD, **fields: str):
    return client.post("/admin/login/", {"username": name, "password": password, **fields})


def give_code(client, code: str, name: str = "olena"):
    return client.post(CODE_FORM, {"username": name, "code": code})


def sign_in(client, secret: str, name: str = "olena"):
    give_password(client, name)
    return give_code(client, code_of(secret), name)


def is_in(client) -> bool:
    return client.get("/admin/").status_code == 200


def prove(client, user: User) -> None:
    """As if a session that a test has forged had begun with the password, just now."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
