"""`nightdesk user`: accounts, when neither mail nor the admin can help."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Any

from nightdesk.run.accounts import new_password

OWNER = "owner"


def user_command(arguments: list[str]) -> int:
    """Add an account, give one a new password, or list them."""
    import django

    django.setup()
    from django.db import DatabaseError

    given = _parser().parse_args(arguments)
    try:
        return {"add": _add, "reset": _reset, "list": _list}[given.verb](given)
    except DatabaseError as error:
        said = " ".join(str(error).split())
        print(
            f"nightdesk: the accounts cannot be reached ({said}). Ask nightdesk doctor why.",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    from nightdesk.people.roles import ROLES

    parser = argparse.ArgumentParser(prog="nightdesk user", description=user_command.__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="make an account and print its password once")
    add.add_argument("name", help="login name or e-mail address")
    add.add_argument("--role", default="editor", choices=(*ROLES, OWNER), help="default: editor")
    reset = verbs.add_parser("reset", help="print a new password once; sign out everywhere")
    reset.add_argument("name", help="login name or e-mail address")
    reset.add_argument(
        "--second-factor",
        action="store_true",
        help="also remove passkeys, authenticator app and recovery codes: everything was lost",
    )
    reset.add_argument("--role", choices=(*ROLES, OWNER), help="give it this role too")
    verbs.add_parser("list", help="every account and its role")
    return parser


def _add(given: argparse.Namespace) -> int:
    from django.contrib.auth import get_user_model
    from django.core.exceptions import ValidationError
    from django.db import transaction

    users = get_user_model()
    if users.objects.filter(username=given.name).exists():
        print(
            f"nightdesk: there is an account {given.name} already. For a new password: "
            f"nightdesk user reset {given.name}",
            file=sys.stderr,
        )
        return 1
    password = new_password()
    user = users(username=given.name, email=given.name if "@" in given.name else "")
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        print(f"nightdesk: {given.name!r}: {' '.join(error.messages)}", file=sys.stderr)
        return 1
    with transaction.atomic():
        user.save()
        _give(user, given.role)
    print(f"Account {given.name} ({given.role}), password {password} (shown only this once).")
    return 0


def _reset(given: argparse.Namespace) -> int:
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.db.models import Q

    from nightdesk.people import notices, sessions

    found = get_user_model().objects.filter(Q(username=given.name) | Q(email__iexact=given.name))
    if len(found) != 1:
        how_many = "several accounts have" if found else "no account has"
        print(
            f"nightdesk: {how_many} the name {given.name}. nightdesk user list shows them.",
            file=sys.stderr,
        )
        return 1
    user, password = found[0], new_password()
    user.set_password(password)  # also ends every session of the old password
    user.is_active = True
    removed = {}
    with transaction.atomic():
        user.save()
        if given.role:
            _give(user, given.role)
        if given.second_factor:
            removed = _remove_second_factors(user)
        sessions.end_all(user)
        notices.tell(user, notices.Kind.RESET, "; ".join(_done(given, removed)))
    print(f"Account {user.username}, password {password} (shown only this once).")
    for line in _done(given, removed):
        print(f"{line[0].upper()}{line[1:]}.")
    print(f"Sign in at {_open_door(user.username)}")
    return 0


def _remove_second_factors(user: Any) -> dict[str, int]:
    """Kind → how many there were."""
    from allauth.mfa.models import Authenticator

    held = Authenticator.objects.filter(user=user)
    kinds = Counter(held.values_list("type", flat=True))
    held.delete()
    return dict(kinds)


def _done(given: argparse.Namespace, removed: dict[str, int]) -> list[str]:
    """What a reset did, in the words for whoever ran it and for the account."""
    done = ["it was given a new password and signed out everywhere"]
    if given.role:
        done.append(f"it has the role {given.role}")
    if given.second_factor:
        names = {"webauthn": "passkeys", "totp": "authenticator app", "recovery_codes": "codes"}
        went = ", ".join(names[kind] for kind in names if kind in removed)
        done.append(f"removed: {went}" if went else "it had no second factor to remove")
    return done


def _open_door(name: str) -> str:
    """The address to sign in at, past the limits on strangers (see ``newsstand.gate``)."""
    from django.conf import settings

    from nightdesk.kernel.devices import Devices

    mark = Devices(settings.SECRET_KEY).mark(name)
    return f"{settings.PUBLIC_URL}/admin/login/?device={mark}"


def _give(user: Any, role: str) -> None:
    """The role of an account; "owner" is above all of them."""
    from nightdesk.people.roles import ADMINISTRATOR, give_role

    give_role(user, ADMINISTRATOR if role == OWNER else role)
    user.is_superuser = user.is_staff = role == OWNER
    user.save()


def _list(given: argparse.Namespace) -> int:
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    for user in get_user_model().objects.order_by("username").prefetch_related("groups"):
        groups = ", ".join(group.name for group in user.groups.all()) or "no role"
        role = "Owner" if user.is_superuser else groups
        seen = f"{timezone.localtime(user.last_login):%Y-%m-%d}" if user.last_login else "never"
        active = "" if user.is_active else "  (closed)"
        print(f"{user.username:<30} {role:<16} last signed in: {seen}{active}")
    return 0
