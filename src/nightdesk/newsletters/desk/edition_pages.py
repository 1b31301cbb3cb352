"""The page of one edition: look at it, try it, send it, watch it, read what became of it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.mail import health
from nightdesk.mail.actions import post
from nightdesk.newsletters import tokens
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.desk import report
from nightdesk.newsletters.editions import actions, times
from nightdesk.newsletters.editions.compiling import Compiled, compile_edition
from nightdesk.newsletters.editions.contents import each_once
from nightdesk.newsletters.editions.mail_html import MOST_BYTES
from nightdesk.newsletters.editions.ready import MustHoldError, make_ready_without
from nightdesk.newsletters.editions.recipients import recipients
from nightdesk.newsletters.editions.under_way import stands_against
from nightdesk.newsletters.events import closing, reporting
from nightdesk.newsletters.models import CompiledEdition, Edition, Newsletter

CHANGE = "newsletters.change_edition"
SEND = "newsletters.send_edition"

State = Edition.State
#: While it is in one of these its page counts.
_MOVING = (State.PREPARING, State.SENDING)

#: What an iframe with the mail may do: show it, and the newsroom's own pictures.
_PREVIEW = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
_VIEWS = {
    "html": gettext_lazy("Mail"),
    "dark": gettext_lazy("Dark"),
    "phone": gettext_lazy("Phone"),
    "text": gettext_lazy("Plain text"),
}


def edition_or_404(pk: int) -> Edition:
    rows = Edition.objects.select_related(
        "newsletter__locale", "corrects", "approved_by", "made_by"
    )
    return get_object_or_404(rows, pk=pk)


class OneEdition(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin about one edition."""

    permission_required: str | tuple[str, ...] = CHANGE
    raise_exception = True
    header_icon = "mail"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.edition = edition_or_404(kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict]:
        listed = {"url": reverse(_listed()), "label": _("Editions")}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, listed, here]

    def get_page_title(self) -> str:
        return str(self.page_title)

    def get_page_subtitle(self) -> str:
        return self.edition.subject

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(
            edition=self.edition, newsletter=self.edition.newsletter, **kwargs
        )


class Overview(OneEdition):
    """``?view=``: how it is looked at."""

    template_name = "desk/editions/overview.html"

    def get_page_title(self) -> str:
        return self.edition.subject

    def get_page_subtitle(self) -> str:
        return ""

    @cached_property
    def compiled(self) -> Compiled:
        return compile_edition(self.edition)

    def get_context_data(self, **kwargs: Any) -> dict:
        edition, user = self.edition, self.request.user
        view = self.request.GET.get("view", "")
        is_open = edition.is_open
        begun = edition.total is not None
        against = _stands_against_the_rest(edition)
        kept = None if is_open else CompiledEdition.of(edition)
        counted = delivery.totals(edition)
        return super().get_context_data(
            done=counted.counted - counted.under_way,
            most_done=counted.snapshot or 1,
            sentence=in_a_sentence(edition, against),
            stopped=edition.state in (State.HELD, State.PAUSED),
            is_open=is_open,
            may_send=user.has_perm(SEND),
            edit_url=reverse(Edition.snippet_viewset.get_url_name("edit"), args=[edition.pk]),
            may_edit=is_open and (edition.state != State.SCHEDULED or user.has_perm(SEND)),
            may_approve=edition.state == State.APPROVING and edition.send_at > timezone.now(),
            may_cancel=edition.state in (State.PAUSED, State.HELD, *_MOVING),
            may_go_on_without=bool(against),
            may_resume=edition.state == State.PAUSED and not against,
            troubles=_said_once(self.compiled) if is_open else [],
            sent_before=actions.sent_before(edition) if is_open else [],
            **_how_large(self.compiled),
            view=view if view in _VIEWS else "html",
            views=_VIEWS.items(),
            text=(kept.text if kept else self.compiled.text).replace(tokens.MARK, "…"),
            readers=times.number(recipients(edition).count()) if is_open else "",
            report=reporting.of(edition) if begun or edition.state in _MOVING else None,
            numbers=report.in_words(counted),
            within=reporting.DAYS,
            moving=edition.state in _MOVING,
            corrections=list(edition.corrections.order_by("pk")),
            page_url=edition.get_absolute_url() if edition.has_page else "",
            is_out=edition.is_out,
            **kwargs,
        )


def _how_large(compiled: Compiled) -> dict[str, Any]:
    return {
        "size": times.number(-(-compiled.size // 1024)),
        "most": times.number(MOST_BYTES // 1024),
        "is_too_large": compiled.is_too_large,
    }


def _said_once(compiled: Compiled) -> list[str]:
    return [str(why) for why in each_once(compiled.contents.troubles)]


def _stands_against_the_rest(edition: Edition) -> list[str]:
    """Of one that is paused. Before its readers were counted nobody has it: going on reads every
    story again, and holds it with the same sentences."""
    begun = edition.state == State.PAUSED and edition.total is not None
    return stands_against(edition) if begun else []


def in_a_sentence(edition: Edition, against: list[str]) -> str:
    """Where it stands."""
    zone = edition.newsletter.zone
    at = times.in_words(edition.send_at, zone) if edition.send_at else ""
    match edition.state:
        case State.DRAFT:
            return _("A draft: nothing is sent.")
        case State.APPROVING:
            return _("It waits for approval, and is due at %(at)s. Without it nothing is sent.") % {
                "at": at
            }
        case State.SCHEDULED if edition.arrive_by:
            return _("Sending begins at %(at)s, so that everybody has it by %(by)s.") % {
                "at": at,
                "by": times.in_words(edition.arrive_by, zone),
            }
        case State.SCHEDULED:
            return _("Sending begins at %(at)s.") % {"at": at}
        case State.PREPARING:
            return _("Its recipients are being counted; sending begins in a moment.")
        case State.SENDING:
            return _("It is being sent.")
        case State.PAUSED:
            said = _("Paused: nobody else gets it until somebody goes on.")
            said = f"{said} {edition.why_held}".strip()
            if against:
                said += " " + _(
                    "That stands in the mail which the others would get as well. Go on without it, "
                    "cancel the rest, or set that right and go on here."
                )
            return said
        case State.HELD:
            return _("Not sent: %(why)s") % {"why": edition.why_held}
        case State.FINISHED:
            return _("Sent; it ended at %(at)s.") % {
                "at": times.in_words(edition.finished_at, zone) if edition.finished_at else "?"
            }
        case _:
            return _("Cancelled: nobody else gets it.")


@permission_required(CHANGE, raise_exception=True)
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail itself, for the frame on its page: what was sent, or what would be sent now.
    ``?dark=1``: as a reader sees it who wants dark pages, whatever the editor wants."""
    edition = edition_or_404(pk)
    kept = None if edition.is_open else CompiledEdition.of(edition)
    html = kept.html if kept else compile_edition(edition).html
    seen = "all" if request.GET.get("dark") else "not all"
    html = html.replace("@media (prefers-color-scheme: dark)", f"@media {seen}")
    html = html.replace(f'src="{settings.PUBLIC_URL}/', 'src="/').replace(tokens.MARK, "preview")
    response = HttpResponse(html)
    response["Content-Security-Policy"] = _PREVIEW
    response["Cache-Control"] = "no-store"
    return response


@permission_required(CHANGE, raise_exception=True)
@require_POST
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """The edition as it is now, to the editor's own address and to nobody else."""
    edition = edition_or_404(pk)
    to = request.user.email
    if not to:
        messages.error(request, _("Your account has no e-mail address; an administrator adds one."))
        return redirect("edition", pk)
    compiled = compile_edition(edition)
    newsletter = edition.newsletter
    # Nobody's: the links open, and say that they are no link of ours.
    token = tokens.for_reader(uuid.uuid4(), newsletter.pk)
    message = EmailMultiAlternatives(
        subject=_("Test: %(subject)s") % {"subject": compiled.subject},
        body=compiled.text.replace(tokens.MARK, token),
        from_email=newsletter.from_address or settings.DEFAULT_FROM_EMAIL,
        to=[to],
    )
    message.attach_alternative(compiled.html.replace(tokens.MARK, token), "text/html")
    post(message, kind="test of an edition")
    messages.success(request, _("A test is on its way to %(address)s.") % {"address": to})
    _say_whether_mail_leaves(request)
    return redirect("edition", pk)


def _say_whether_mail_leaves(request: HttpRequest) -> None:
    leaving = health.leaving()
    if not leaving.ok:
        said = f"{health.in_a_sentence(leaving)} {leaving.cause} {leaving.remedy}"
        messages.error(request, said)


class Send(OneEdition):
    """Asks once more, with the number of readers and when it ends. ``?without=1``: less what may
    not go now."""

    permission_required = (CHANGE, SEND)
    template_name = "desk/editions/send.html"
    page_title = gettext_lazy("Send now")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._not_open() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        edition = self.edition
        gone = self._not_open()
        if gone:
            return gone
        if request.POST.get("seen") != edition.changed_at.isoformat():
            messages.error(request, _("It was changed meanwhile. Look at it, and send it then."))
            return redirect("edition", edition.pk)
        spread = request.POST.get("spread", "")
        edition.spread_minutes = int(spread) if spread in _SPREADS else 0
        edition.save(update_fields=["spread_minutes"])
        if self.without:
            actions.leave_out(edition, request.user)
        if not delivery.start(edition, by=request.user):
            messages.error(request, _("It is on its way already."))
        return redirect("edition", edition.pk)

    def _not_open(self) -> HttpResponse | None:
        if not self.edition.is_open:
            messages.info(self.request, _("It is on its way already."))
            return redirect("edition", self.edition.pk)
        return None

    @property
    def without(self) -> bool:
        return "without" in self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict:
        edition, now = self.edition, timezone.now()
        readers = recipients(edition).count()
        compiled = compile_edition(edition)
        leaving = health.leaving()
        return super().get_context_data(
            question=times.question(edition, readers, now),
            readers=readers,
            without=self.without,
            troubles=_said_once(compiled),
            is_empty=not compiled.contents.parts,
            spreads=_spreads() if readers > times.MANY else [],
            suggested=str(times.EVENLY),
            mail_trouble=""
            if leaving.ok
            else f"{health.in_a_sentence(leaving)} {leaving.cause} {leaving.remedy}",
            seen=edition.changed_at.isoformat(),
            **_how_large(compiled),
            **kwargs,
        )


_SPREADS = ("0", "15", "30", "60", "120")


def _spreads() -> list[tuple[str, str]]:
    words = _("spread over %(minutes)s minutes")
    return [
        (minutes, words % {"minutes": minutes} if minutes != "0" else _("as fast as it goes"))
        for minutes in _SPREADS
    ]


class ScheduleForm(forms.Form):
    BEGIN, ARRIVE = "begin", "arrive"

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    clock = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("What happens then"),
        choices=[
            (BEGIN, gettext_lazy("Sending begins")),
            (ARRIVE, gettext_lazy("Everybody has it by then; sending begins earlier")),
        ],
        initial=BEGIN,
        widget=forms.RadioSelect,
    )
    spread = forms.ChoiceField(label=gettext_lazy("How fast"), required=False)

    def __init__(
        self, *args: Any, edition: Edition, readers: int, now: datetime.datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.readers, self.now = edition, readers, now
        if readers > times.MANY:
            self.fields["spread"].choices = _spreads()
        else:
            del self.fields["spread"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        zone = self.edition.newsletter.zone
        try:
            at = times.moment(cleaned["day"], cleaned["clock"], zone, self.now)
            cleaned["arrive_by"] = None
            if cleaned["meaning"] == self.ARRIVE:
                cleaned["arrive_by"] = at
                at = times.start_to_arrive(at, self.readers, times.pace(), zone, self.now)
        except times.WrongTimeError as wrong:
            self.add_error("clock", str(wrong))
            return cleaned
        cleaned["at"] = at
        return cleaned


class Schedule(OneEdition):
    permission_required = (CHANGE, SEND)
    template_name = "desk/editions/schedule.html"
    page_title = gettext_lazy("Schedule")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.has_permission() and not self.edition.is_open:
            messages.info(request, _("It is on its way already."))
            return redirect("edition", self.edition.pk)
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any = None) -> ScheduleForm:
        edition, now = self.edition, timezone.now()
        zone = edition.newsletter.zone
        given = edition.arrive_by or edition.send_at
        start = given if given and given > now else now + datetime.timedelta(days=1)
        local = start.astimezone(zone)
        initial = {
            "day": local.date(),
            "clock": local.time() if start is given else datetime.time(7, 0),
            "meaning": ScheduleForm.ARRIVE if edition.arrive_by else ScheduleForm.BEGIN,
            "spread": str(edition.spread_minutes),
        }
        readers = recipients(edition).count()
        return ScheduleForm(data, initial=initial, edition=edition, readers=readers, now=now)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        given = form.cleaned_data
        done = actions.schedule(
            self.edition,
            given["at"],
            request.user,
            arrive_by=given["arrive_by"],
            spread_minutes=int(given.get("spread") or 0),
        )
        if not done:
            messages.error(request, _("It is on its way already."))
        return redirect("edition", self.edition.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        kwargs.setdefault("form", self.form())
        readers = kwargs["form"].readers
        return super().get_context_data(
            readers=times.number(readers),
            place=times.place(self.edition.newsletter.zone),
            **_how_large(compile_edition(self.edition)),
            **kwargs,
        )


class Cancel(OneEdition):
    permission_required = (CHANGE, SEND)
    template_name = "desk/editions/cancel.html"
    page_title = gettext_lazy("Cancel the rest")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if delivery.cancel(self.edition, by=request.user):
            messages.success(request, _("Cancelled: nobody else gets it."))
        return redirect("edition", self.edition.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        found = delivery.totals(self.edition)
        had = found.sent + found.uncertain + found.sending
        return super().get_context_data(
            had=times.number(had), left=times.number(found.queued), **kwargs
        )


class GoOnWithout(OneEdition):
    """The rest get it without what may not go any more."""

    permission_required = (CHANGE, SEND)
    template_name = "desk/editions/go_on_without.html"
    page_title = gettext_lazy("Go on without it")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            make_ready_without(self.edition, request.user)
        except MustHoldError as why:
            messages.error(request, str(why))
        else:
            delivery.resume(self.edition, by=request.user)
        return redirect("edition", self.edition.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        found = delivery.totals(self.edition)
        paused = self.edition.state == State.PAUSED
        return super().get_context_data(
            against=stands_against(self.edition) if paused else [],
            had=times.number(found.sent + found.uncertain + found.sending),
            left=times.number(found.queued),
            **kwargs,
        )


Verb = Callable[[HttpRequest, Edition], None]


def _pause(request: HttpRequest, edition: Edition) -> None:
    delivery.pause(edition, "", by=request.user)


def _resume(request: HttpRequest, edition: Edition) -> None:
    against = _stands_against_the_rest(edition)
    if against:
        messages.error(request, _("It stays paused. %(why)s") % {"why": " ".join(against)})
    else:
        delivery.resume(edition, by=request.user)


def _again(request: HttpRequest, edition: Edition) -> None:
    count = delivery.send_again_to_uncertain(edition, by=request.user)
    messages.success(
        request, _("It goes again to %(count)s readers.") % {"count": times.number(count)}
    )


def _take_back(request: HttpRequest, edition: Edition) -> None:
    if actions.take_back(edition, request.user):
        messages.success(request, _("It is a draft again, and nothing is sent."))
    else:
        messages.error(request, _("It is on its way already."))


def _approve(request: HttpRequest, edition: Edition) -> None:
    if edition.state != State.APPROVING or edition.send_at <= timezone.now():
        messages.error(request, _("Its time has passed. Send it now, or schedule it."))
        return
    actions.schedule(edition, edition.send_at, request.user)


def _withdraw(request: HttpRequest, edition: Edition) -> None:
    if actions.withdraw(edition, request.user):
        messages.success(
            request, _("Its page is gone. The mails that have left nobody can call back.")
        )


def _show_again(request: HttpRequest, edition: Edition) -> None:
    if actions.withdraw(edition, request.user, withdrawn=False):
        messages.success(request, _("Its page is there again."))


_VERBS: dict[str, Verb] = {
    "withdraw": _withdraw,
    "show-again": _show_again,
    "pause": _pause,
    "resume": _resume,
    "again": _again,
    "take-back": _take_back,
    "approve": _approve,
}


@permission_required((CHANGE, SEND), raise_exception=True)
@require_POST
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of `_VERBS`."""
    act = _VERBS.get(verb)
    if act is None:
        raise Http404
    act(request, edition_or_404(pk))
    return redirect("edition", pk)


@permission_required(CHANGE, raise_exception=True)
@require_safe
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How many are where, for the script of its page."""
    edition = edition_or_404(pk)
    found = delivery.totals(edition)
    counts = {name: getattr(found, name) for name in report.NAMES}
    return JsonResponse(
        {
            "state": edition.state,
            "total": found.snapshot,
            "done": found.counted - found.under_way,
            "counts": counts,
            "words": report.in_words(found),
        },
        headers={"Cache-Control": "no-store"},
    )


@permission_required("newsletters.add_edition", raise_exception=True)
@require_POST
def like_the_last(request: HttpRequest, newsletter: int) -> HttpResponse:
    """A draft with the blocks of the newsletter's last edition."""
    found = get_object_or_404(Newsletter, pk=newsletter)
    last = actions.last_of(found)
    edition = actions.begin(found, request.user, like=last)
    if last is None:
        messages.info(request, _("This newsletter had no edition yet: the draft is empty."))
    return redirect(Edition.snippet_viewset.get_url_name("edit"), edition.pk)


@permission_required(("newsletters.add_edition", CHANGE), raise_exception=True)
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft for those who got this one."""
    edition = edition_or_404(pk)
    if not edition.is_out:
        messages.error(request, _("Nobody has got it: change it instead."))
        return redirect("edition", pk)
    if closing.is_closed(edition):
        messages.error(
            request,
            _(
                "It is too long ago: after twelve weeks it is not kept who got an edition. Say it "
                "in the next one."
            ),
        )
        return redirect("edition", pk)
    correction = actions.begin_correction(edition, request.user)
    return redirect(Edition.snippet_viewset.get_url_name("edit"), correction.pk)


def _listed() -> str:
    return Edition.snippet_viewset.get_url_name("list")
