"""The pages of one's own account: second factors, recovery codes, and where one is signed in."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.auth import require_admin_access

from nightdesk.people import notices, sessions
from nightdesk.people.models import User
from nightdesk.people.reauthentication import required
from nightdesk.people.sign_in import codes, passkeys
from nightdesk.people.sign_in.standing import Standing, has_factor, must_have_factor

Type = Authenticator.Type
Kind = notices.Kind

_NEXT, _SHOW_CODES = "second_factor_next", "show_recovery_codes"
#: New recovery codes can be looked at for so long, in seconds, in the session that made them.
_SHOWN = 600


def _page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    context["must"] = getattr(request, "standing", None) is Standing.LACKING
    context["layout"] = f"desk/sign_in/{'door' if context['must'] else 'desk'}.html"
    return TemplateResponse(request, f"desk/sign_in/{template}.html", context)


@never_cache
@require_admin_access
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What protects this account. For who must set something up first, the choice of what."""
    user = request.user
    to = request.GET.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, None):
        request.session[_NEXT] = to
    held = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    recovery = next((one for one in held if one.type == Type.RECOVERY_CODES), None)
    return _page(
        request,
        "overview",
        passkeys=[one for one in held if one.type == Type.WEBAUTHN],
        app=next((one for one in held if one.type == Type.TOTP), None),
        codes_left=_left(recovery) if recovery else 0,
        has_codes=recovery is not None,
        passkeys_work=passkeys.can_work(request),
        may_remove=_may_remove(user, held),
        sessions=sessions.of(user),
        here=request.session.session_key,
        notices=notices.unseen(user),
    )


def _left(recovery: Authenticator) -> int:
    return 10 - int(recovery.data.get("used_mask", 0)).bit_count()


def _may_remove(user: User, held: list[Authenticator]) -> bool:
    """The last one stays with who must have one: they add another first."""
    factors = [one for one in held if one.type != Type.RECOVERY_CODES]
    return len(factors) > 1 or not must_have_factor(user)


@sensitive_variables("secret")
@never_cache
@require_admin_access
@required(reading=True)
def add_app(request: HttpRequest) -> HttpResponse:
    """An authenticator app: our server draws the code to scan, and shows it as text too."""
    if Authenticator.objects.filter(user=request.user, type=Type.TOTP).exists():
        return redirect("mfa_index")
    error = ""
    if request.method == "POST":
        secret = totp.get_totp_secret()
        if totp.validate_totp_code(secret, codes.tidy(request.POST.get("code", ""))):
            return _added(request, lambda: totp.TOTP.activate(request.user, secret), _("an app"))
        error = _(
            "That code is not right. Check that the clock of your phone is, and give the code "
            "that the app shows now."
        )
    else:
        secret = totp.get_totp_secret(regenerate=True)
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return _page(
        request,
        "add_app",
        error=error,
        picture=f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}",
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


@never_cache
@require_admin_access
@required(reading=True)
def add_passkey(request: HttpRequest) -> HttpResponse:
    if not passkeys.can_work(request):
        return redirect("mfa_index")
    error = ""
    if request.method == "POST":
        credential = passkeys.made(request.POST.get("passkey", ""))
        name = request.POST.get("name", "").strip()[:60] or _("Passkey")
        if credential:
            return _added(request, lambda: WebAuthn.add(request.user, name, credential), name)
        error = _("The passkey could not be kept. Try again, or choose another device.")
    browser = sessions.browser_name(request.META.get("HTTP_USER_AGENT", ""))
    return _page(
        request,
        "add_passkey",
        error=error,
        name=browser.rpartition(", ")[2] or _("Passkey"),
        options=passkeys.asked_to_make(request.user),
    )


def _added(request: HttpRequest, add: Any, what: str) -> HttpResponse:
    """Keep it, end other sessions, tell the account, and show recovery codes with the first."""
    user, first = request.user, not has_factor(request.user)
    with transaction.atomic():
        kept = add()
        record_authentication(request, user, "mfa", type=kept.instance.type, reauthenticated=True)
        totp.clear_totp_secret(request)
        notices.tell(user, Kind.FACTOR_ADDED, what)
        if first:
            _renew(request)
        sessions.end_others(request)
    return redirect("mfa_view_recovery_codes" if first else "mfa_index")


@never_cache
@require_admin_access
@require_POST
@required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    held = list(Authenticator.objects.filter(user=user))
    one = get_object_or_404(
        Authenticator.objects.exclude(type=Type.RECOVERY_CODES), user=user, pk=pk
    )
    if _may_remove(user, held):
        with transaction.atomic():
            what = one.wrap().name if one.type == Type.WEBAUTHN else _("an app")
            one.delete()
            if not has_factor(user):
                Authenticator.objects.filter(user=user).delete()
            notices.tell(user, Kind.FACTOR_REMOVED, what)
            sessions.end_others(request)
    return redirect("mfa_index")


@never_cache
@require_admin_access
@require_POST
@required
def renew_codes(request: HttpRequest) -> HttpResponse:
    if not has_factor(request.user):
        return redirect("mfa_index")
    with transaction.atomic():
        _renew(request)
        notices.tell(request.user, Kind.CODES)
        sessions.end_others(request)
    return redirect("mfa_view_recovery_codes")


def _renew(request: HttpRequest) -> None:
    Authenticator.objects.filter(user=request.user, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(request.user)
    request.session[_SHOW_CODES] = time.time()


@never_cache
@require_admin_access
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown to who has just made them, until they say that they have kept them."""
    since = request.session.get(_SHOW_CODES, 0)
    if request.method == "POST":
        request.session.pop(_SHOW_CODES, None)
        return redirect(request.session.pop(_NEXT, "") or "wagtailadmin_home")
    kept = Authenticator.objects.filter(user=request.user, type=Type.RECOVERY_CODES).first()
    if not kept or time.time() - since > _SHOWN:
        request.session.pop(_SHOW_CODES, None)
        return redirect("mfa_index")
    shown = [f"{code[:4]} {code[4:]}" for code in kept.wrap().get_unused_codes()]
    return _page(request, "recovery_codes", codes=shown)


@never_cache
@require_admin_access
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    here = request.user.sessions.filter(pk=pk, session_id=request.session.session_key).exists()
    if here:
        logout(request)
        return redirect("wagtailadmin_login")
    sessions.end(request.user, pk)
    return redirect("mfa_index")


@never_cache
@require_admin_access
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_others(request)
    return redirect("mfa_index")


@never_cache
@require_admin_access
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    upto = request.POST.get("upto", "")
    if upto.isascii() and upto.isdecimal():
        notices.seen(request.user, int(upto[:18]))
    return redirect("wagtailadmin_home")
