"""Names that are protected, without the names: a later import must not bring one back, and nobody
gets an address that is gone for ever.

A name is kept as a slow hash with a salt of its own. Whoever has the database and guesses a name
can see that the guess was right; they cannot read the names.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from nightdesk.kernel.spellings import key_of


class ProtectedName(models.Model):
    """One spelling of one; ``desk_key`` is the translation key of the desk that signs instead."""

    salt = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    desk_key = models.UUIDField(editable=False)
    at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        verbose_name = _("protected name")
        verbose_name_plural = _("protected names")
        default_permissions = ()
        permissions = [("protect_name", "Can protect a name")]

    def __str__(self) -> str:
        return str(_("a protected name"))


class GoneAddress(models.Model):
    """A public path that nothing gets again."""

    path = models.CharField(max_length=300, unique=True, editable=False)

    class Meta:
        verbose_name = _("address gone for ever")
        verbose_name_plural = _("addresses gone for ever")
        default_permissions = ()

    def __str__(self) -> str:
        return self.path


def protect(name: str, desk_key: UUID) -> None:
    if desk_of(name) is None:
        salt = secrets.token_hex(16)
        ProtectedName.objects.create(
            salt=salt, digest=_digest(key_of(name), salt), desk_key=desk_key
        )


def desk_of(name: str) -> UUID | None:
    """The translation key of the desk that signs for this name; None for all other names."""
    key = key_of(name)
    if not key:
        return None
    for row in ProtectedName.objects.order_by("pk"):
        if _digest(key, row.salt) == row.digest:
            return row.desk_key
    return None


def is_gone(path: str) -> bool:
    return GoneAddress.objects.filter(path=path).exists()


@lru_cache(maxsize=10_000)
def _digest(key: str, salt: str) -> str:
    """Some ten milliseconds: nothing to an import, a lot to somebody who tries a million names."""
    made = hashlib.scrypt(key.encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1, dklen=32)
    return made.hex()
