"""The pages where one signs in.

The newsstand's gate counts tries here (newsstand/gate.py): every form names the account, and an
answer that lets somebody in is a 302. A right password that still wants a second factor answers
303, so that it stays counted: who knows a password must not get codes for free.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows import login as steps
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.forms.auth import LoginForm as WagtailForm
from wagtail.admin.views.account import LoginView as WagtailView
from wagtail.admin.views.account import password_reset_enabled

from nightdesk.people import notices
from nightdesk.people.sign_in import codes, passkeys
from nightdesk.people.sign_in.adapters import known_by
from nightdesk.people.sign_in.standing import TYPED, Standing, has_factor, lacking, must_have_factor

#: Wrong codes after one right password; then the password is asked again, and counted again.
TRIES = 5

#: A stranger who has only begun to sign in is remembered for so long, in seconds.
_BEGUN = 15 * 60

_TRIED, _REMEMBER = "codes_tried", "remember"


class LoginForm(WagtailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["username"]
        field.label = _("Name or e-mail address")
        field.widget.attrs |= {"placeholder": "", "autocomplete": "username"}

    def clean_username(self) -> str:
        return known_by(self.cleaned_data["username"])


class SignIn(WagtailView):
    """Name and password. Whoever has a second factor is asked for it next."""

    form_class = LoginForm

    def get_form_class(self) -> type[LoginForm]:
        return LoginForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if lacking(request):
            return to_set_up(self.get_redirect_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        user = form.get_user()
        begin(self.request, bool(form.cleaned_data.get("remember")))
        self.request.session[TYPED] = self.request.POST.get("username", "")[:254]
        login = Login(user=user, redirect_url=self.get_success_url())
        response = steps.perform_password_login(self.request, {}, login)
        return finish(self.request, response)

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)
        return context | {"passkeys_work": passkeys.can_work(self.request)}


def begin(request: HttpRequest, remember: bool) -> None:
    """What this browser was before is over, and nobody else may hold the session that goes on."""
    if SESSION_KEY in request.session:
        logout(request)
    clear_login(request)
    request.session.pop(_TRIED, None)
    request.session.pop(TYPED, None)
    request.session.cycle_key()
    request.session[_REMEMBER] = remember
    request.session.set_expiry(_BEGUN)


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer to a step: signed in by it (302), or with another step to do (303)."""
    if request.user.is_authenticated:
        remember = request.session.pop(_REMEMBER, False)
        request.session.pop(_TRIED, None)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE if remember else 0)
        if must_have_factor(request.user) and not has_factor(request.user):
            request.standing, request.user = Standing.LACKING, AnonymousUser()
            return to_set_up(response["Location"])
    elif response.status_code == 302:
        response.status_code = 303
    return response


def to_set_up(to: str) -> HttpResponse:
    address = reverse("mfa_index")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': to})}" if to else address)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """A code, or a passkey, after the password."""
    if request.user.is_authenticated:
        return redirect("wagtailadmin_home")
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    user = stage.login.user if stage else None
    if not stage or not user or not user.is_active:
        return redirect("wagtailadmin_login")
    error = ""
    if request.method == "POST":
        proof = _proof(request, user)
        if proof:
            post_authentication(request, proof)
            if proof.type == Authenticator.Type.RECOVERY_CODES:
                notices.tell(user, notices.Kind.RECOVERY_USED)
            return finish(request, stage.exit())
        notices.tell_of_wrong_codes(user)
        tried = request.session.get(_TRIED, 0) + 1
        if tried >= TRIES:
            request.session.flush()
            return HttpResponseRedirect(reverse("wagtailadmin_login") + "?again=1", status=303)
        request.session[_TRIED] = tried
        error = _("That code is not right. An app shows a new one every 30 seconds.")
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    may_use = Authenticator.Type.WEBAUTHN in kinds and passkeys.can_work(request)
    context = {
        "account": user.get_username(),
        "typed": request.session.get(TYPED, user.get_username()),
        "error": error,
        "app": Authenticator.Type.TOTP in kinds,
        "passkey_elsewhere": Authenticator.Type.WEBAUTHN in kinds and not may_use,
        "passkey": passkeys.asked_to_prove(user) if may_use else None,
    }
    return TemplateResponse(request, "desk/sign_in/second_factor.html", context)


def _proof(request: HttpRequest, user: Any) -> Authenticator | None:
    """The gate has counted this try for the account that the form names: it must be this one."""
    if known_by(request.POST.get("username", "")) != user.get_username():
        return None
    if request.POST.get("passkey"):
        return passkeys.proven(request.POST["passkey"], user)
    return codes.use(user, request.POST.get("code", ""))


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to look for a passkey of anybody's."""
    if not passkeys.can_work(request):
        return JsonResponse({"error": _("Passkeys need an address with a name and TLS.")})
    if not request.user.is_authenticated:
        request.session.set_expiry(_BEGUN)
    return JsonResponse(passkeys.asked_to_prove(None))


@never_cache
@require_POST
def by_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey alone: it names the account, and its owner has unlocked it."""
    proof = passkeys.proven(request.POST.get("passkey", ""))
    to = request.POST.get("next", "")
    if not proof or not proof.user.is_active:
        context = {
            "form": LoginForm(request),
            "next": _safe(request, to),
            "passkeys_work": True,
            "show_password_reset": password_reset_enabled(),
            "passkey_error": _(
                "No account here knows this passkey. Sign in with your password, or ask whoever "
                "looks after the server."
            ),
        }
        return TemplateResponse(request, "wagtailadmin/login.html", context)
    begin(request, request.POST.get("remember") == "on")
    post_authentication(request, proof, passwordless=True)
    login = Login(user=proof.user, redirect_url=_safe(request, to))
    return finish(request, steps.perform_login(request, login))


def _safe(request: HttpRequest, to: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        to, {request.get_host()}, require_https=request.is_secure()
    )
    return to if safe else reverse("wagtailadmin_home")
