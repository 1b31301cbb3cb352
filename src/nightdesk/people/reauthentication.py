"""Proof that whoever holds the session is still its owner, before what must not be done by others.

``required`` guards a view: roles and accounts, exports, taking down. When the last proof is older
than a quarter of an hour, the view's answer is a page that asks for one: a passkey or a code for
who has them, the password for who has not. The page holds all that was sent, and sends it again
together with the proof, to the same address: nothing that was typed is lost, nothing is kept here.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from nightdesk.people import notices
from nightdesk.people.sign_in import codes, passkeys
from nightdesk.people.sign_in.standing import has_factor

#: A proof, signing in included, holds for so long, in seconds.
HOLDS = 15 * 60

#: After so many wrong proofs the session ends: who stole it cannot go on guessing.
TRIES = 5

_OURS = ("proof_password", "proof_code", "proof_passkey", "proof_csrf")
_TRIED = "proofs_tried"
_READING = ("GET", "HEAD", "OPTIONS")

View = Callable[..., HttpResponse]


def required(view: View | None = None, *, reading: bool = False) -> View | Callable[[View], View]:
    """Decorator: this view acts only on a recent proof.

    Looking at a page asks for nothing, unless ``reading``: for views that hand something out.
    """
    if view is None:
        return functools.partial(required, reading=reading)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asks = reading or request.method not in _READING
        return (asks and ask(request)) or view(request, *args, **kwargs)

    return sensitive_post_parameters()(wrapped)


def ask(request: HttpRequest) -> HttpResponse | None:
    """The page that asks for proof, or None when there is one: then ``request.POST`` holds what
    was typed, without the proof."""
    user = request.user
    if not user.is_authenticated:
        return None  # the view itself lets nobody in
    given = request.method == "POST" and any(name in request.POST for name in _OURS)
    error = ""
    if given and not is_recent(request):
        if _proves(request):
            request.session.pop(_TRIED, None)
        else:
            error = _("That was not right. Nothing has been changed yet; try again.")
            if _too_many(request):
                logout(request)
                return redirect("wagtailadmin_login")
    if given:
        _keep_what_was_typed(request)
        if not error and request.POST.get("proof_reading") == "yes":
            return redirect(request.get_full_path())
    if is_recent(request):
        return None
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        raise PermissionDenied
    return _page(request, error)


def is_recent(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    last = max((record.get("at", 0) for record in records), default=0)
    return 0 <= time.time() - last < HOLDS


def _proves(request: HttpRequest) -> bool:
    user, sent = request.user, request.POST
    if has_factor(user):
        if sent.get("proof_passkey"):
            proof = passkeys.proven(sent["proof_passkey"], user)
        else:
            proof = codes.use(user, sent.get("proof_code", ""))
        if proof:
            record_authentication(request, user, "mfa", type=proof.type, reauthenticated=True)
        else:
            notices.tell_of_wrong_codes(user)
        return proof is not None
    if user.check_password(sent.get("proof_password", "")):
        record_authentication(request, user, "password", reauthenticated=True)
        return True
    return False


def _too_many(request: HttpRequest) -> bool:
    tried = request.session.get(_TRIED, 0) + 1
    request.session[_TRIED] = tried
    return tried >= TRIES


def _keep_what_was_typed(request: HttpRequest) -> None:
    kept = request.POST.copy()
    for name in _OURS:
        kept.pop(name, None)
    request.POST = kept


def _page(request: HttpRequest, error: str) -> HttpResponse:
    user = request.user
    kinds = set(
        Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True)
        if has_factor(user)
        else ()
    )
    may_use = Authenticator.Type.WEBAUTHN in kinds and passkeys.can_work(request)
    reading = request.method in _READING or request.POST.get("proof_reading") == "yes"
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "proof_reading")
    ]
    context = {
        "address": request.get_full_path(),
        "sent": sent,
        "reading": reading,
        "files": bool(request.FILES),
        "error": error,
        "by_password": not kinds,
        "by_code": bool(kinds - {Authenticator.Type.WEBAUTHN}),
        "passkey": passkeys.asked_to_prove(user) if may_use else None,
    }
    answer = TemplateResponse(request, "desk/sign_in/prove.html", context, status=403)
    answer["Cache-Control"] = "no-store"
    return answer.render()


#: Wagtail's views that decide who may do what.
_OF_ROLES = frozenset({"wagtailusers_users", "wagtailusers_groups"})
#: Addresses of rooms below, which know nothing of proofs, and one of ours.
_GRAVE = frozenset({"take_down", "lift_takedown", "protect_name"})


def guard_accounts(view: View) -> View:
    """Decorator for all addresses of the admin: those that change accounts, roles and rights, and
    those that take something from readers for good."""
    guarded = required(view)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = request.resolver_match
        in_bulk = at.url_name == "wagtail_bulk_action" and (
            kwargs.get("app_label"),
            kwargs.get("model_name"),
        ) in {("people", "user"), ("auth", "group")}
        grave = at.url_name in _GRAVE or not _OF_ROLES.isdisjoint(at.namespaces)
        asks = in_bulk or grave
        return (guarded if asks else view)(request, *args, **kwargs)

    return wrapped
