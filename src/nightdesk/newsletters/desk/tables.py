"""Take the list of subscribers out, bring one in: rights of their own, both in the log.

Handing the list out wants a fresh proof of who is asking: a session that somebody has stolen shall
not get a newsroom's readers with it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from nightdesk.kernel.ids import asked_id
from nightdesk.newsletters import said
from nightdesk.newsletters.desk.subscribers import EXPORT, Desk
from nightdesk.newsletters.models import Newsletter, SubscriberTable
from nightdesk.newsletters.tables import export, telling
from nightdesk.newsletters.tables.bringing import Report
from nightdesk.people.reauthentication import ask

_MEGABYTES = 20


class TakeOut(PermissionRequiredMixin, View):
    """The table as a file; GET only ever asks, so that no link fetches it by itself."""

    permission_required = EXPORT
    raise_exception = True

    def get(self, _request: HttpRequest) -> HttpResponse:
        return redirect("subscribers_bring")

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = ask(request)
        if asked:
            return asked
        newsletter = None
        if asked_for := request.POST.get("newsletter", ""):
            newsletter = get_object_or_404(Newsletter, pk=asked_id(asked_for))
        concerned = [newsletter] if newsletter else Newsletter.objects.all()
        telling.note(telling.TAKEN_OUT, concerned, request.user)
        response = StreamingHttpResponse(
            export.lines(newsletter), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="subscribers.csv"'
        response["Cache-Control"] = "no-store"
        return response


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy(
            "An export of Mailchimp, Ghost, listmonk or Nightdesk, or any table with a column "
            "“email”. Of everything else only the state and its times are kept."
        ),
    )
    newsletter = forms.ModelChoiceField(
        Newsletter.objects.all(),
        required=False,
        label=gettext_lazy("Newsletter"),
        help_text=gettext_lazy("For rows that name none."),
    )
    proof = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Where and how those who are confirmed in it agreed"),
        help_text=gettext_lazy(
            "“Mailchimp, double opt-in, exported on 1 November”. It is kept with each of them, and "
            "you answer for it. Empty: they wait until they have confirmed for themselves."
        ),
    )
    asks = forms.BooleanField(required=False, label=gettext_lazy("Mail those who wait, to confirm"))
    is_trial = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("Only try it, and change nothing")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _(
                    "The table has more than %(most)d MB. Whoever runs this site brings it in with "
                    "the command nightdesk subscribers import."
                )
                % {"most": _MEGABYTES}
            )
        return file


class BringIn(Desk):
    """The form; the worker does the rest."""

    permission_required = EXPORT
    template_name = "desk/subscribers_bring.html"
    page_title = gettext_lazy("Bring in, take out")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TableForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        given = form.cleaned_data
        table = SubscriberTable.objects.create(
            name=given["file"].name[:200],
            content=given["file"].read(),
            newsletter=given["newsletter"],
            proof=given["proof"].strip(),
            asks=given["asks"],
            is_trial=given["is_trial"],
            by=request.user,
        )
        return redirect("subscribers_brought", table.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        kwargs.setdefault("form", TableForm())
        return super().get_context_data(
            tables=SubscriberTable.objects.defer("content").select_related("by")[:20],
            newsletters=Newsletter.objects.all(),
            **kwargs,
        )


class Brought(Desk):
    """How one table stands."""

    permission_required = EXPORT
    template_name = "desk/subscribers_brought.html"
    page_title = gettext_lazy("Table of subscribers")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.table = get_object_or_404(SubscriberTable.objects.defer("content"), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.table.name

    def get_context_data(self, **kwargs: Any) -> dict:
        report = Report()
        report.counts.update(self.table.counts)
        return super().get_context_data(
            table=self.table,
            is_waiting=self.table.state == SubscriberTable.State.WAITING,
            told=list(telling.told(report)),
            problem=said.read(self.table.problem),
            bad=[(line, said.read(why)) for line, why in self.table.bad],
            **kwargs,
        )


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("subscribers/export/", TakeOut.as_view(), name="subscribers_export"),
        path("subscribers/bring/", BringIn.as_view(), name="subscribers_bring"),
        path("subscribers/bring/<int:pk>/", Brought.as_view(), name="subscribers_brought"),
    ]


@hooks.register("register_log_actions")
def in_the_log(registry: LogActionRegistry) -> None:
    registry.register_action(
        telling.TAKEN_OUT,
        gettext_lazy("Export subscribers"),
        gettext_lazy("Took the list of subscribers out"),
    )
    registry.register_action(
        telling.BROUGHT_IN,
        gettext_lazy("Import subscribers"),
        gettext_lazy("Brought subscribers in from a table"),
    )
