"""A flood of passwords must not keep editors from publishing."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection

from nightdesk.people.models import User
from nightdesk.people.roles import give_role


@pytest.mark.parametrize(("password", "status"), [("night-desk", 302), ("guess", 200)])
def test_the_database_is_free_while_a_password_is_checked(
    newsroom, client, monkeypatch, password, status
):
    give_role(User.objects.create_user("olena", password="night-desk"), "editor")
    outside = len(connection.savepoint_ids)
    checked_at: list[int] = []
    verify = MD5PasswordHasher.verify

    def noted(hasher: MD5PasswordHasher, given: str, encoded: str) -> bool:
        checked_at.append(len(connection.savepoint_ids))
        return verify(hasher, given, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", noted)
    answer = client.post("/admin/login/", {"username": "olena", "password": password})
    assert answer.status_code == status
    assert checked_at and set(checked_at) == {outside}
