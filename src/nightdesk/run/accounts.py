"""Accounts, from the command line: for the first day, and for the day nobody can sign in."""

from __future__ import annotations

import secrets

#: No letters or digits that are mistaken for another; four groups of four are 79 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A password that can be read out on the telephone: four groups of four."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def open_first_account(name: str) -> tuple[str, str] | None:
    """The owner's (login name, password), made when nobody can administer this newsroom yet."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if users.filter(is_superuser=True, is_active=True).exists():
        return None
    password = new_password()
    email = name if "@" in name else ""
    known = users.filter(username=name).first()
    if known:  # an account of that name lost its rights; it gets them and a new password
        known.is_superuser = known.is_staff = known.is_active = True
        known.set_password(password)
        known.save()
    else:
        users.create_superuser(username=name, email=email, password=password)
    return name, password
