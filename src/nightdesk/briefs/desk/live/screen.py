"""The screen, what it asks every few seconds, and what it does.

Entries are rendered here and nowhere else; the script puts them into their places. What is sent
comes from a queue in the browser, perhaps hours later and perhaps twice: each verb is done once,
and every answer is JSON that says in a sentence what became of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.briefs.desk.live import words
from nightdesk.briefs.desk.live.forms import (
    CorrectForm,
    DraftForm,
    SendForm,
    SwitchForm,
    WithdrawForm,
)
from nightdesk.briefs.desk.live.streams import (
    Entry,
    NotThereError,
    RefusedError,
    State,
    Stream,
    Words,
    stream_named,
    streams_of,
)
from nightdesk.editing.differences import Difference
from nightdesk.editing.kept import account_of
from nightdesk.press.awaiting import tell_by
from nightdesk.press.withdrawals import WithdrawnError

#: In the session: the list that was looked at last.
LAST = "live_stream"


class Changed(Exception):
    """Somebody else changed the entry after ``mine`` was begun."""

    def __init__(self, entry: Entry, mine: Words) -> None:
        self.entry = entry
        self.mine = mine


class Screen(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/live.html"
    page_title = pgettext_lazy("as it happens", "Live")
    header_icon = "comment"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.streams = streams_of(request.user)
        if not self.streams:
            raise PermissionDenied
        named = {each.name: each for each in self.streams}
        if "stream" not in kwargs:
            # Where one wrote last: at night nobody looks twice in which list they are.
            last = request.session.get(LAST)
            self.stream = named.get(last, self.streams[0])
        elif kwargs["stream"] in named:
            self.stream = named[kwargs["stream"]]
            request.session[LAST] = self.stream.name
        else:  # a coverage that has ended meanwhile
            return render_gone(request, self)
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        shown = items(self.stream, self.request.user)
        screen = {
            "streams": self.streams,
            "stream": self.stream,
            "form": SendForm(),
            "may_publish": self.stream.may_publish(self.request.user),
            "items": shown,
            "mark": mark_of(shown),
            "words": json.dumps(words.of_the_script(), ensure_ascii=False),
            "signs_as": self.stream.signs_as(self.request.user),
            "account": account_of(self.request),
            "zone": settings.TIME_ZONE,
        }
        return super().get_context_data(**kwargs | screen)


def render_gone(request: HttpRequest, screen: Screen) -> HttpResponse:
    """Led to the first of the streams that are open."""
    messages.warning(request, _("This list cannot be written in (any more). Here is another."))
    return redirect("live_stream", stream=screen.streams[0].name)


def items(stream: Stream, user: Any) -> list[dict[str, Any]]:
    """The newest entries, as the script takes them."""
    may_publish = stream.may_publish(user)
    return [item(stream, entry, user, may_publish) for entry in stream.entries(user)]


def item(stream: Stream, entry: Entry, user: Any, may_publish: bool) -> dict[str, Any]:
    """``v``: of what is shown; ``undo``: seconds for which it can still be taken back."""
    mine = entry.by_whom == user.pk
    draft = entry.state in (State.DRAFT, State.WITHDRAWN)
    with timezone.override(timezone.get_default_timezone()):
        html = render_to_string(
            "desk/live_entry.html",
            {
                "entry": entry,
                "stream": stream,
                "mine": mine,
                "today": timezone.localtime(entry.at).date() == timezone.localdate(),
                "may_publish": may_publish,
                "may_change": draft and (mine or may_publish) and not entry.borrowed,
                "may_steer": may_publish and entry.state is State.LIVE,
                "may_correct": may_publish and entry.state is State.LIVE and not entry.borrowed,
                "undo": bool(entry.undo_seconds),
                "kept_as": f"live-{entry.id}",
            },
        )
    version = hashlib.sha256(html.encode()).hexdigest()[:8]
    return {"id": entry.id, "v": version, "html": html, "undo": entry.undo_seconds}


@require_GET
def entries(request: HttpRequest, stream: str) -> HttpResponse:
    """Every few seconds, from every screen that is open: 304 while nothing has changed, and else
    only what the screen does not have yet; it says so itself ("b12.9f3a1c2e e5.…")."""
    try:
        found = items(_stream(request, stream), request.user)
    except PermissionDenied:
        return _forbidden()
    except NotThereError:
        return _closed()
    etag = mark_of(found)
    has = set(request.headers.get("X-Nightdesk-Has", "").split())
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = JsonResponse({"items": [_less(one, has) for one in found]})
    response["ETag"] = etag
    # What others wrote stays in no browser: the script remembers the mark itself.
    response["Cache-Control"] = "private, no-store"
    return response


def mark_of(items: list[dict[str, Any]]) -> str:
    said = " ".join(f"{one['id']}.{one['v']}" for one in items)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:16]}"'


def _less(item: dict[str, Any], has: set[str]) -> dict[str, Any]:
    """Without its HTML where that is there already."""
    if f"{item['id']}.{item['v']}" not in has:
        return item
    return {name: value for name, value in item.items() if name != "html"}


@require_POST
def do(request: HttpRequest, stream: str, verb: str) -> JsonResponse:
    """One verb, once, or the sentence that says why not."""
    written_by = request.headers.get("X-Nightdesk-Account", "")
    if written_by and not constant_time_compare(written_by, account_of(request)):
        return _not_done("account", _("Somebody else is signed in now. Nothing was sent."), 401)
    tell_by(request, _tell)
    try:
        wanted = _stream(request, stream)
    except PermissionDenied:
        return _forbidden()
    except NotThereError:
        return _closed()
    try:
        # What is refused half-way through leaves nothing behind.
        with transaction.atomic():
            return _do(request, wanted, verb)
    except PermissionDenied:
        return _forbidden()
    except Changed as changed:
        return _differs(request, stream, changed)
    except NotThereError:
        return _not_done(
            "gone",
            _("That entry is no longer there, or not yours to change. Nothing was done."),
            404,
        )
    except (RefusedError, WithdrawnError) as error:
        return _not_done("refused", str(error), 409)


def _do(request: HttpRequest, stream: Stream, verb: str) -> JsonResponse:
    if verb not in VERBS:
        raise NotThereError(verb)
    kind, act, publishers_only = VERBS[verb]
    if publishers_only and not stream.may_publish(request.user):
        raise PermissionDenied
    form = kind(request.POST)
    # An account may have another clock; on this screen the desk's is meant.
    with timezone.override(timezone.get_default_timezone()):
        valid = form.is_valid()
    if not valid:
        first = next(iter(form.errors.values()))[0]
        return _not_done("invalid", str(first), 400)
    id = act(stream, form, request.user, request.POST.get("id", ""))
    entry = stream.entry(id, request.user)
    answer: dict[str, Any] = {
        "item": item(stream, entry, request.user, stream.may_publish(request.user)),
        "said": words.what_became_of(verb, entry),
    }
    return JsonResponse(answer)


def _send(stream: Stream, form: SendForm, user: Any, _id: str) -> str:
    given = form.cleaned_data
    publish = stream.may_publish(user) and not given["draft"]
    id = stream.send(
        given["key"],
        form.words,
        by=user,
        publish=publish,
        at=given["at"] if publish else None,
        signed=given["signed"],
    )
    if given["put_back"]:
        there = stream.entry(id, user)
        if form.words not in (there.words, there.newest):
            raise RefusedError(
                _(
                    "It had arrived the first time, with the words of then: it stands in the list. "
                    "Nothing more was published. Correct it there."
                )
            )
    return id


def _change(stream: Stream, form: DraftForm, user: Any, id: str) -> str:
    entry = stream.entry(id, user, locked=True)
    publish = stream.may_publish(user) and not form.cleaned_data["draft"]
    done = entry.state is (State.LIVE if publish else State.DRAFT) and entry.newest == form.words
    if done:
        return id
    if entry.version != form.cleaned_data["made_from"]:
        raise Changed(entry, form.words)
    return stream.change_draft(id, form.words, by=user, publish=publish)


def _correct(stream: Stream, form: CorrectForm, user: Any, id: str) -> str:
    given = form.cleaned_data
    entry = stream.entry(id, user, locked=True)
    if stream.has_corrected(given["key"]):
        return id
    if entry.words == form.words and not given["note"]:
        return id
    if entry.state is State.LIVE and entry.version != given["made_from"]:
        raise Changed(entry, form.words)
    return stream.correct(id, form.words, note=given["note"], key=given["key"], by=user)


def _withdraw(stream: Stream, form: WithdrawForm, user: Any, id: str) -> str:
    given = form.cleaned_data
    return stream.withdraw(id, reason=given["reason"], key=given["key"], by=user)


def _pin(stream: Stream, form: SwitchForm, user: Any, id: str) -> str:
    return stream.pin(id, form.cleaned_data["on"], by=user)


def _mark_key(stream: Stream, form: SwitchForm, user: Any, id: str) -> str:
    return stream.mark_key(id, form.cleaned_data["on"], by=user)


def _take_back(stream: Stream, _form: forms.Form, user: Any, id: str) -> str:
    return stream.take_back(id, by=user)


Act = Callable[[Stream, Any, Any, str], str]
#: Verb → its form, what it does, and whether only those may do it who may publish.
VERBS: dict[str, tuple[type[forms.Form], Act, bool]] = {
    "send": (SendForm, _send, False),
    "change": (DraftForm, _change, False),
    "correct": (CorrectForm, _correct, True),
    "withdraw": (WithdrawForm, _withdraw, True),
    "pin": (SwitchForm, _pin, True),
    "mark-key": (SwitchForm, _mark_key, True),
    "take-back": (forms.Form, _take_back, True),
}


def _stream(request: HttpRequest, name: str) -> Stream:
    if not streams_of(request.user):
        raise PermissionDenied
    return stream_named(name, request.user)


def _not_done(error: str, sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": error, "said": sentence, **more}, status=status)


def _closed() -> JsonResponse:
    return _not_done("gone", _("This list can no longer be written in. Nothing was done."), 404)


def _tell(response: HttpResponse, words: str) -> None:
    """What the press says stands in the answer, beside what became of it."""
    answer = json.loads(response.content)
    response.content = json.dumps(answer | {"press": words})


def _forbidden() -> JsonResponse:
    return _not_done("forbidden", _("Your account may not do that. Nothing was done."), 403)


def _differs(request: HttpRequest, name: str, changed: Changed) -> JsonResponse:
    """409 with both texts: the script shows them, and sends mine again only when told to."""
    entry, mine = changed.entry, changed.mine
    theirs = entry.newest
    found = [
        Difference(label, was, now)
        for label, was, now in (
            (_("Text"), theirs.text, mine.text),
            (_("Headline"), theirs.headline, mine.headline),
            (_("Source"), theirs.source, mine.source),
        )
        if was != now
    ]
    html = render_to_string(
        "desk/live_differs.html", {"entry": entry, "differences": found}, request
    )
    return _not_done(
        "changed", words.changed_by(entry, request.user), 409, html=html, version=entry.version
    )
