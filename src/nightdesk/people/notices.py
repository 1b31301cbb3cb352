"""What happened to an account is told to its owner in the admin, until they have seen it."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from nightdesk.people.models import SecurityNotice, User

Kind = SecurityNotice.Kind

#: A stranger who goes on trying is told of once in so long.
_AGAIN = datetime.timedelta(hours=1)


def tell(user: User, kind: str, detail: str = "") -> None:
    SecurityNotice.objects.create(user=user, kind=kind, detail=detail[:200])


def tell_of_wrong_codes(user: User) -> None:
    """Who gives a wrong code has given the right password before: the password may be known."""
    since = timezone.now() - _AGAIN
    if not user.notices.filter(kind=Kind.WRONG_CODES, seen=False, at__gte=since).exists():
        tell(user, Kind.WRONG_CODES)


def tell_of_new_password(instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    """A receiver of ``post_save``. Django keeps the new password on the account until then."""
    if instance._password is not None and instance.last_login and not created and not raw:
        tell(instance, Kind.PASSWORD)


def unseen(user: User) -> list[SecurityNotice]:
    return list(user.notices.filter(seen=False)[:20])


def seen(user: User, upto: int) -> None:
    """All up to the one with this id have been read, and say nothing any more."""
    user.notices.filter(pk__lte=upto).update(seen=True)
