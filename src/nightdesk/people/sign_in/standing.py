"""How far somebody has signed in, and who must have a second factor.

A session proves a password, a second factor, or both. Who has a second factor and has not proven
it in this session is not signed in, whatever session they hold: the request's user is nobody, and
no view, preview, hint or answer has to think of it. Nor is who must have one and has none, save on
the pages that set one up.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from wagtail.models import GroupPagePermission

from nightdesk.people.models import User
from nightdesk.people.roles import ADMINISTRATOR, GROUPS

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

#: In the session: the name or address that was typed at signing in. The newsstand counts tries, and
#: knows browsers, by it.
TYPED = "signed_in_as"

#: Where a second factor is set up, and how one leaves.
SET_UP = "/admin/second-factor/"
_OPEN = (SET_UP, "/admin/logout/")


class Standing(enum.Enum):
    """NOBODY: no session. WHOLE: signed in. UNPROVEN: the second factor is still to be given.
    LACKING: must have one, and has none."""

    NOBODY = "nobody"
    WHOLE = "whole"
    UNPROVEN = "unproven"
    LACKING = "lacking"


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def can_publish(user: User) -> bool:
    """Can this account put something before readers, or decide who can?"""
    if user.is_superuser:
        return True
    if user.groups.filter(name=GROUPS[ADMINISTRATOR]).exists():
        return True
    if GroupPagePermission.objects.filter(
        group__user=user, permission__codename="publish_page"
    ).exists():
        return True
    return any(
        right.partition(".")[2].startswith("publish_") or right == "people.change_user"
        for right in user.get_all_permissions()
    )


def must_have_factor(user: User) -> bool:
    return settings.SECOND_FACTOR == "required" and can_publish(user)


def standing(request: HttpRequest, user: User) -> Standing:
    if not user.is_authenticated:
        return Standing.NOBODY
    if has_factor(user):
        records = get_authentication_records(request, user)
        proven = any(record.get("method") == "mfa" for record in records)
        return Standing.WHOLE if proven else Standing.UNPROVEN
    return Standing.LACKING if must_have_factor(user) else Standing.WHOLE


def lacking(request: HttpRequest) -> bool:
    """Is this somebody who must set up a second factor first?"""
    bool(request.user.is_authenticated)  # the session is looked at when the user is
    return getattr(request, "standing", None) is Standing.LACKING


class WholeSignInsOnly:
    """Middleware: the request's user is who has signed in wholly, or nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def user() -> User | AnonymousUser:
            by_session = get_user(request)
            request.standing = standing(request, by_session)
            if request.standing in (Standing.NOBODY, Standing.WHOLE):
                return by_session
            if request.standing is Standing.LACKING and request.path.startswith(_OPEN):
                return by_session
            request._cached_user = AnonymousUser()
            return request._cached_user

        request.user = SimpleLazyObject(user)
        request.auser = sync_to_async(user)
        return self.get_response(request)
