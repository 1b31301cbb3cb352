"""Whoever runs the machine can always let somebody in."""

from __future__ import annotations

import re
import sqlite3

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from .conftest import nightdesk


def user(data, *words: str):
    return nightdesk("user", *words, "--data", str(data))


def can_sign_in(data, name: str, password: str) -> bool:
    with sqlite3.connect(data / "site.db") as site:
        (kept,) = site.execute(
            "SELECT password FROM people_user WHERE username = ?", [name]
        ).fetchone()
    return PBKDF2PasswordHasher().verify(password, kept)


def password_in(said: str) -> str:
    return re.search(r"password (\S+)", said)[1]


def test_a_new_account_gets_a_password_that_is_printed_once_and_works(data):
    answer = user(data, "add", "taras", "--role", "reporter")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("Account taras (reporter), password ")
    assert can_sign_in(data, "taras", password_in(answer.stdout))
    listed = user(data, "list").stdout
    assert re.search(r"taras +Reporters? ", listed)


def test_a_reset_gives_a_new_password_and_ends_the_old_one(data, first_run):
    old = first_run.password()
    answer = user(data, "reset", "olena")
    assert answer.returncode == 0
    assert can_sign_in(data, "olena", password_in(answer.stdout))
    assert not can_sign_in(data, "olena", old)


ADD_FACTORS = """
from allauth.mfa.models import Authenticator
from nightdesk.people.models import User
user = User.objects.get(username="olena")
for kind in ("totp", "recovery_codes"):
    Authenticator.objects.create(user=user, type=kind, data={})
"""


def test_a_reset_keeps_second_factors_unless_told_and_then_says_what_it_removed(data):
    shell = ("django", "shell", "--no-imports", "--data", str(data), "-c", ADD_FACTORS)
    assert nightdesk(*shell).returncode == 0
    with sqlite3.connect(data / "site.db") as site:
        site.execute("UPDATE people_user SET signed_out = 0")

    def held() -> tuple[int, int]:
        with sqlite3.connect(data / "site.db") as site:
            (factors,) = site.execute("SELECT count(*) FROM mfa_authenticator").fetchone()
            (ended,) = site.execute("SELECT signed_out FROM people_user").fetchone()
        return factors, ended

    answer = user(data, "reset", "olena")
    assert answer.returncode == 0, answer.stderr
    assert "signed out everywhere" in answer.stdout and "emoved" not in answer.stdout
    assert held() == (2, 1)
    answer = user(data, "reset", "olena", "--second-factor")
    assert "Removed: authenticator app, codes." in answer.stdout
    assert password_in(answer.stdout)
    assert held() == (0, 2)
    assert "no second factor to remove" in user(data, "reset", "olena", "--second-factor").stdout


def test_passwords_differ_and_can_be_read_out_on_the_telephone():
    from nightdesk.run.accounts import new_password

    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", one) for one in made)


def test_mistakes_are_one_line_and_change_nothing(data):
    with sqlite3.connect(data / "site.db") as site:
        before = site.execute("SELECT * FROM people_user").fetchall()
    for words, said in {
        ("add", "olena"): "there is an account olena already",
        ("add", "a b c"): "Enter a valid username",
    }.items():
        answer = user(data, *words)
        assert answer.returncode == 1
        assert said in answer.stderr
        assert answer.stderr.count("\n") == 1
    with sqlite3.connect(data / "site.db") as site:
        assert site.execute("SELECT * FROM people_user").fetchall() == before


def test_a_role_that_does_not_exist_names_those_that_do(data):
    answer = user(data, "add", "taras", "--role", "king")
    assert answer.returncode == 2
    assert "owner" in answer.stderr and "reporter" in answer.stderr


def test_without_a_newsroom_it_says_where_to_look(tmp_path):
    answer = user(tmp_path / "nowhere", "list")
    assert answer.returncode == 1
    assert "Ask nightdesk doctor why" in answer.stderr
