"""Is this the code? Of an authenticator app, once each; or a recovery code, once each.

Which code of an app was used last is kept with it in the database, so that no code serves twice in
any of the site's processes (RFC 6238, 5.2).
"""

from __future__ import annotations

import hmac
import logging

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.db import transaction

from nightdesk.people.models import User

log = logging.getLogger("nightdesk.people")

Type = Authenticator.Type


def tidy(typed: str) -> str:
    """People type codes in groups, as they are shown."""
    return "".join(typed.split()).replace("-", "")


@transaction.atomic
def use(user: User, typed: str) -> Authenticator | None:
    """What proved that it is this person, its code used up by it; None for a wrong code."""
    code = tidy(typed)
    if not code.isascii() or not code.isdecimal():
        return None
    kinds = [Type.TOTP, Type.RECOVERY_CODES]
    held = Authenticator.objects.select_for_update().filter(user=user, type__in=kinds)
    for one in held:
        try:
            right = _app(one, code) if one.type == Type.TOTP else one.wrap().validate_code(code)
        except InvalidToken:
            log.error(
                "The codes of %s were kept under another secret key and cannot be checked. "
                "nightdesk user reset %s --second-factor lets them set up new ones.",
                user.get_username(),
                user.get_username(),
            )
            continue
        if right:
            one.refresh_from_db()
            one.record_usage()
            return one
    return None


def _app(one: Authenticator, code: str) -> bool:
    secret, last = decrypt(one.data["secret"]), one.data.get("last", -1)
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > last and hmac.compare_digest(code, expected):
            one.data["last"] = counter
            one.save(update_fields=["data"])
            return True
    return False
