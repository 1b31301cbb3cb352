"""Where forms for newsletters lead, and the page behind the link in the confirmation mail.

A form's answer is the same, and costs the same work, for every state of an address: the request
looks at what was typed, finds the newsletters, and leaves one row for the worker.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from nightdesk.checking.views import for_one_pair_of_eyes
from nightdesk.mail import health
from nightdesk.newsletters import tokens
from nightdesk.newsletters.addresses import NoAddressError, fingerprint
from nightdesk.newsletters.addresses import read as read_address
from nightdesk.newsletters.models import Newsletter, Subscriber
from nightdesk.newsletters.signup import actions, guard, intake, words
from nightdesk.newsletters.signup.form import Form, Sent, read
from nightdesk.newsletters.signup.origin import is_ours
from nightdesk.newsletters.subscribing import is_suppressed


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_one_pair_of_eyes
def sign_up(request: HttpRequest) -> HttpResponse:
    """No forgery check by cookie: the form stands on stored pages, and whoever forges it can have
    one mail sent to an address, which they could have by the form itself."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("newsletters"))
    if not is_ours(request):
        return _refused(request)
    response = _answer(request, read(request))
    if guard.is_up():
        response[guard.HEADER] = "1"
    return response


def _answer(request: HttpRequest, sent: Sent) -> HttpResponse:
    language = get_language() or ""
    offered = list(Newsletter.offered_in(language))
    chosen = [row for row in offered if row.slug in sent.slugs]
    said = words.words_of(chosen, language)
    error = unchosen = ""
    try:
        address = read_address(sent.email)
        if address.needs_smtputf8:
            error = _(
                "We cannot send mail to an address with letters outside a–z before the @ yet. "
                "Please use another one."
            )
    except NoAddressError:
        error = said.invalid
    if not chosen and not sent.again:
        unchosen = _("Choose at least one newsletter.")
    if error or unchosen:
        return _once_more(request, sent, offered, chosen, error, unchosen)
    intake.leave(sent, address, chosen, language, words.as_seen(chosen, said))
    leaving = health.leaving().ok
    told = {
        "title": said.title if leaving else "",
        "text": said.accepted if leaving else words.while_mail_waits(language),
        "hint": words.after_sending(language) if leaving else "",
    }
    if _wants_json(request):
        return JsonResponse(told)
    back = sent.place or reverse("newsletters")
    return render(request, "newsletters/accepted.html", {**told, "back": back})


def _once_more(
    request: HttpRequest,
    sent: Sent,
    offered: list[Newsletter],
    chosen: list[Newsletter],
    error: str,
    unchosen: str,
) -> HttpResponse:
    """The form again, with what was typed and what is wrong with it."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if _wants_json(request):
        field = "email" if error else "newsletter"
        return JsonResponse({"error": error or unchosen, "field": field}, status=status)
    several = len(chosen) != 1
    form = Form(
        "sign-up",
        words.words_of(chosen, get_language() or ""),
        given=[] if several else chosen,
        choices=offered if several and not sent.again else [],
        chosen=frozenset(row.slug for row in chosen),
        value=sent.email[:254],
        error=error,
        unchosen=unchosen,
        place=sent.place,
        again=sent.again,
    )
    context = {"form": form, "newsletters": chosen}
    return render(request, "newsletters/sign_up.html", context, status=status)


def _refused(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "This form was sent from another site, so nothing was done. To subscribe, please use the "
        "form on our own page."
    )
    if _wants_json(request):
        return JsonResponse({"error": sentence}, status=HTTPStatus.FORBIDDEN)
    context = {"sentence": sentence}
    return render(request, "newsletters/refused.html", context, status=HTTPStatus.FORBIDDEN)


def _wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_one_pair_of_eyes
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what the button will do and does nothing: mail programs and their guards fetch
    every link before a reader has seen it. The button's POST confirms, as often as it is pressed."""
    subscriber = _whose(token)
    if subscriber is None:
        return _ended(request)
    pending = actions.pending_of(subscriber)
    if pending and request.method != "POST":
        return render(request, "newsletters/confirm.html", {"newsletters": pending})
    if pending:
        seen = "\n".join([*(row.name for row in pending), f"[{_('Confirm subscription')}]"])
        actions.confirm(subscriber, place=f"{reverse('newsletters')}confirm/", words=seen)
    active = actions.active_of(subscriber)
    if not active:
        return _ended(request)
    yours = tokens.for_reader(subscriber.uid, active[0].pk)
    context = {"newsletters": active, "yours": f"{reverse('newsletters')}yours/{yours}/"}
    return render(request, "newsletters/confirmed.html", context)


def _whose(token: str) -> Subscriber | None:
    """Whoever the link was mailed to, while it holds and they may be mailed."""
    try:
        uid = tokens.read(tokens.CONFIRM, token).uid
    except tokens.BadTokenError:
        return None
    found = Subscriber.objects.filter(uid=uid, erased_at=None).first()
    if found and is_suppressed(fingerprint(found.email_key), themselves=True):
        return None
    return found


def _ended(request: HttpRequest) -> HttpResponse:
    """The same for a link that is over, that was altered and that never was."""
    form = Form("sign-up", words.words_of((), get_language() or ""), again=True)
    return render(request, "newsletters/expired.html", {"form": form}, status=HTTPStatus.GONE)
