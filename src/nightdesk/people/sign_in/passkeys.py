"""Passkeys: made and checked by django-allauth, on addresses where browsers allow them.

Every passkey of ours is made to serve alone: kept in the device under the account, unlocked by a
fingerprint, a face or a PIN. What a browser sends is a stranger's until it is checked, so whatever
it breaks means that it is not the right one.
"""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from nightdesk.people.models import User

_BROKEN = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)

#: A passkey's answer is one or two kilobytes.
_LONGEST = 20_000


def can_work(request: HttpRequest) -> bool:
    """Browsers tie a passkey to a name, never to a number, and want TLS or this very machine."""
    host = request.get_host().rpartition("]")[2].partition(":")[0] or "[ipv6]"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        here = host == "localhost" or host.endswith(".localhost")
        return host != "[ipv6]" and (request.is_secure() or here)
    return False


def asked_to_make(user: User) -> dict:
    """What the browser needs to make one; remembered in the session until ``made``."""
    return auth.begin_registration(user, passwordless=True)


def made(sent: str) -> dict | None:
    """The credential that a browser made as it was asked to, ready to be kept; else None."""
    credential = _json(sent)
    try:
        auth.parse_registration_response(credential)
        binding = auth.complete_registration(credential)
    except _BROKEN:
        return None
    return credential if binding.is_user_verified() else None


def asked_to_prove(user: User | None) -> dict:
    """What the browser needs to prove who it is; without a user, whoever the passkey belongs to."""
    return auth.begin_authentication(user)


def proven(sent: str, user: User | None = None) -> Authenticator | None:
    """The passkey that answered; None when it is not one of this user's, or of anybody's.

    One that serves alone must have been unlocked by its owner (a fingerprint, a PIN).
    """
    credential = _json(sent)
    try:
        response = auth.parse_authentication_response(credential)
        who = user or auth.extract_user_from_response(credential)
        passkey = auth.complete_authentication(who, credential)
        alone = response.response.authenticator_data.is_user_verified()
    except _BROKEN:
        return None
    return passkey if user or alone else None


def _json(sent: str) -> Any:
    try:
        return json.loads(sent[:_LONGEST])
    except ValueError:
        return None
