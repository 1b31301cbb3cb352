"""What the links in a mail open. Nothing here needs a cookie, a script or a Referer; the token is
all there is. Looking changes nothing: scanners of mail open every link they find (RFC 8058 §1).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from nightdesk.checking.views import for_one_pair_of_eyes
from nightdesk.kernel.ids import asked_id
from nightdesk.mail.health import leaving
from nightdesk.newsletters import tokens
from nightdesk.newsletters.addresses import NoAddressError, read
from nightdesk.newsletters.models import ConsentEvent, Newsletter, Subscriber, Subscription
from nightdesk.newsletters.subscribing import note
from nightdesk.newsletters.yours import actions, holdings, links, mails, readable
from nightdesk.newsletters.yours.erasing import erase
from nightdesk.newsletters.yours.links import Holder, masked

Reason = Subscription.Reason
View = Callable[..., HttpResponse]

#: RFC 8058 §3.2: what a mail program sends.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


def by_link(view: View) -> View:
    """Decorator: made for whoever holds the link, stored nowhere, forged by nobody: who has the
    token needs no forgery, and who has not cannot name one."""
    guarded = require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])(for_one_pair_of_eyes(view))

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return guarded(request, token)
        except tokens.BadTokenError as error:
            return for_one_pair_of_eyes(_no_link)(request, error)

    return csrf_exempt(wrapped)


@by_link
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends one newsletter. The mail program's own button is answered in a line; a reader's page
    has a button, and after it one that takes it back."""
    holder = links.of_a_mail(token)
    name, value = ONE_CLICK
    if request.method == "POST" and request.POST.get(name) == value:
        actions.end(holder, Reason.ONE_CLICK, "one click")
        return HttpResponse("OK\n", content_type="text/plain; charset=utf-8")
    done = ""
    if request.method == "POST":
        if request.POST.get("act") == "end":
            actions.end(holder, Reason.LINK, "unsubscribe")
            done = "ended"
        elif request.POST.get("act") == "undo" and actions.undo(holder, "unsubscribe"):
            done = "undone"
    standing = actions.standing(holder)
    is_subscribed = standing is not None and standing.ended_at is None
    return _in_its_language(
        request,
        holder,
        "newsletters/unsubscribe.html",
        done=done,
        is_subscribed=is_subscribed,
        may_undo=actions.may_undo(standing),
        token=token,
    )


@by_link
def yours(request: HttpRequest, token: str) -> HttpResponse:
    """The page of one's newsletters; with the link that proves the address, everything that needs
    the proof, too."""
    holder = links.of_either(token)
    if holder.subscriber is None:
        return _in_its_language(request, holder, "newsletters/nothing_kept.html", status=410)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    with override(_language(holder)):
        if act in _FOR_ANY:
            return _FOR_ANY[act](request, holder, token)
        if act in _FOR_OWNERS and holder.is_owner:
            return _FOR_OWNERS[act](request, holder, token)
        return _page(request, holder, token)


@by_link
def moved(request: HttpRequest, token: str) -> HttpResponse:
    """Opened from the mail to the new address."""
    read_token = tokens.read(tokens.MOVE, token)
    subscriber = Subscriber.objects.filter(uid=read_token.uid, erased_at=None).first()
    if subscriber is None:
        raise tokens.EndedTokenError(read_token)
    done = False
    if not subscriber.moving_to and _has_moved(subscriber, read_token):
        done = True  # pressed a second time
    elif not subscriber.moving_to or not read_token.is_for(read(subscriber.moving_to).fingerprint):
        raise tokens.EndedTokenError(read_token)
    elif request.method == "POST":
        _there, old = actions.move(subscriber, "move")
        mails.tell_of_move(old, get_language())
        done = True
    new = "" if done else subscriber.moving_to
    return render(
        request,
        "newsletters/move.html",
        {"done": done, "new": new, "old": masked(subscriber.email), "languages": []},
    )


def _has_moved(subscriber: Subscriber, token: tokens.Token) -> bool:
    return token.is_for(read(subscriber.email).fingerprint)


def _no_link(request: HttpRequest, error: tokens.BadTokenError) -> HttpResponse:
    """The same for a link that was altered, made up, or somebody else's."""
    has_ended = isinstance(error, tokens.EndedTokenError)
    return render(
        request,
        "newsletters/no_link.html",
        {"has_ended": has_ended, "languages": []},
        status=410 if has_ended else 404,
    )


def _language(holder: Holder) -> str:
    return holder.newsletter.language if holder.newsletter else get_language()


def _in_its_language(
    request: HttpRequest, holder: Holder, template: str, status: int = 200, **context: object
) -> HttpResponse:
    with override(_language(holder)):
        known = {"holder": holder, "newsletter": holder.newsletter, "languages": []}
        response = render(request, template, known | context, status=status)
        response["Content-Language"] = get_language()
        return response


def _page(
    request: HttpRequest, holder: Holder, token: str, status: int = 200, **context: object
) -> HttpResponse:
    subscriber = holder.subscriber
    assert subscriber is not None
    subscriber.refresh_from_db()
    known = {
        "token": token,
        "rows": _rows(subscriber),
        "paused_until": subscriber.paused_until if actions.is_paused(subscriber) else None,
        "weeks": actions.WEEKS,
    }
    return _in_its_language(request, holder, "newsletters/yours.html", status, **known | context)


def _rows(subscriber: Subscriber) -> list[dict]:
    """Every newsletter that is offered, and those that this reader has besides; the page's own
    language first, then as the newsroom lists them."""
    states = dict(subscriber.subscriptions.values_list("newsletter", "state"))
    here = get_language()
    rows = [
        {
            "newsletter": newsletter,
            "language": newsletter.language,
            "is_active": states.get(newsletter.pk) == Subscription.State.ACTIVE,
            "is_pending": states.get(newsletter.pk) == Subscription.State.PENDING,
        }
        for newsletter in Newsletter.objects.select_related("locale").order_by("order", "name")
        if newsletter.offered or states.get(newsletter.pk) == Subscription.State.ACTIVE
    ]
    return sorted(rows, key=lambda row: (row["language"] != here, row["language"]))


def _save(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    shown, wanted = (
        {number for pk in request.POST.getlist(name) if (number := asked_id(pk)) is not None}
        for name in ("shown", "have")
    )
    chosen = actions.choose(
        holder,
        shown,
        wanted,
        language=get_language(),
        place="your newsletters",
        words=_("Your newsletters") + "\n" + _("Save"),
    )
    return _page(request, holder, token, chosen=chosen, leaving=leaving())


def _pause(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    assert holder.subscriber is not None
    weeks = request.POST.get("weeks", "")
    if weeks in {str(each) for each in actions.WEEKS}:
        actions.pause(holder.subscriber, int(weeks), "your newsletters")
    return _page(request, holder, token, done="paused")


def _resume(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    assert holder.subscriber is not None
    actions.resume(holder.subscriber, "your newsletters")
    return _page(request, holder, token, done="resumed")


def _prove(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    """Mail the link that proves the address. The answer is the same when one was sent lately."""
    assert holder.subscriber is not None
    mails.send_link(holder.subscriber, get_language())
    return _page(request, holder, token, done="sent", leaving=leaving())


def _move(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    assert holder.subscriber is not None
    typed = request.POST.get("address", "")[:320]
    try:
        new = read(typed)
    except NoAddressError:
        return _page(request, holder, token, 422, typed=typed, is_no_address=True)
    if new.needs_smtputf8:  # as where one signs up: a mail that never leaves is not promised
        return _page(request, holder, token, 422, typed=typed, is_beyond_us=True)
    try:
        may_write = actions.ask_to_move(holder.subscriber, new, "your newsletters")
    except actions.TooOftenError:
        return _page(request, holder, token, 429, typed=typed, is_too_often=True)
    if may_write:
        mails.send_move(holder.subscriber, new, get_language())
    return _page(request, holder, token, done="moving", new=new.written, leaving=leaving())


def _show(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    parts = readable.parts(_fetched(holder))
    return _in_its_language(request, holder, "newsletters/data.html", parts=parts, token=token)


def _download(_request: HttpRequest, holder: Holder, _token: str) -> HttpResponse:
    text = json.dumps(_fetched(holder), ensure_ascii=False, indent=2)
    response = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-newsletters.json"'
    return response


def _fetched(holder: Holder) -> dict:
    """That it was fetched belongs to what is kept."""
    assert holder.subscriber is not None
    note(holder.subscriber, None, ConsentEvent.Kind.EXPORTED, place="your newsletters")
    return holdings.of(holder.subscriber)


def _ask_to_erase(request: HttpRequest, holder: Holder, token: str) -> HttpResponse:
    return _in_its_language(request, holder, "newsletters/erase.html", token=token)


def _erase(request: HttpRequest, holder: Holder, _token: str) -> HttpResponse:
    assert holder.subscriber is not None
    erase(holder.subscriber, place="your newsletters")
    return _in_its_language(request, Holder(None), "newsletters/nothing_kept.html", done="erased")


_FOR_ANY: dict[str, View] = {
    "save": _save,
    "pause": _pause,
    "resume": _resume,
    "prove": _prove,
}
_FOR_OWNERS: dict[str, View] = {
    "move": _move,
    "show": _show,
    "download": _download,
    "erase": _ask_to_erase,
    "erase everything": _erase,
}
