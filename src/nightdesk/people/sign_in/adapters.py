"""Where django-allauth asks us: what is secret is encrypted, nothing is mailed, we ask for proof.

Seeds of one-time and recovery codes lie in the database under a key made from the newsroom's
secret key, which does not: a copy of the database alone gives nobody a second factor. Of a passkey
there is only its public half, with which nobody can sign in.
"""

from __future__ import annotations

import base64
import functools
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class Accounts(DefaultAccountAdapter):
    """Accounts are made by administrators alone, and what happens to one is said in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **_how: Any) -> bool:
        """Our views ask themselves (people.reauthentication), before allauth would."""
        return False

    def is_safe_url(self, url: str) -> bool:
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def respond_user_inactive(self, request: HttpRequest, user: object) -> HttpResponse:
        return HttpResponseRedirect(reverse("wagtailadmin_login"))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home")

    def add_message(self, *_what: Any, **_how: Any) -> None:
        """Our pages say it in their own words."""

    def send_notification_mail(self, *_what: Any, **_how: Any) -> None:
        """Told in the admin (people.notices): an account need not have an address."""

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        to = how["redirect_url"] or self.get_login_redirect_url(request)
        return HttpResponseRedirect(to)


class SecondFactors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages

    def encrypt(self, text: str) -> str:
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ``cryptography.fernet.InvalidToken`` under another secret key."""
        return _box(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return settings.WAGTAIL_SITE_NAME.replace(":", " ")

    def get_totp_label(self, user: Any) -> str:
        return f"{self.get_totp_issuer()}:{user.get_username()}"

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def _get_user_identifier(self, user: Any) -> str:
        return user.get_username()

    def get_public_key_credential_user_entity(self, user: Any) -> dict:
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_full_name() or user.get_username()}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("Passkey")


@functools.lru_cache(maxsize=2)
def _box(secret: str) -> Fernet:
    derive = HKDF(SHA256(), 32, salt=None, info=b"nightdesk second factors 1")
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))


def known_by(typed: str) -> str:
    """The login name of the account that goes by this name or, if it is one account's, this e-mail
    address; what was typed when there is none, so that it is answered and takes as long the same."""
    users = get_user_model().objects
    if "@" not in typed or users.filter(username=typed).exists():
        return typed
    names = users.filter(email__iexact=typed.strip(), is_active=True)
    found = list(names.values_list("username", flat=True)[:2])
    return found[0] if len(found) == 1 else typed
