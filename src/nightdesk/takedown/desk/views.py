"""Take down in the admin: the form, the list of what is down, and how to lift it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.takedown import actions, kinds
from nightdesk.takedown.desk import standing
from nightdesk.takedown.models import Takedown

_ON_A_PAGE = 50


class TakedownForm(forms.ModelForm):
    class Meta:
        model = Takedown
        fields = ["reason", "sentence"]
        labels = {
            "reason": gettext_lazy("Why"),
            "sentence": gettext_lazy("A sentence for readers"),
        }
        help_texts = {
            "reason": gettext_lazy("Only the newsroom sees this."),
            "sentence": gettext_lazy(
                "Shown under “This page has been taken down.” May stay empty."
            ),
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}


class Desk(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin for whoever may take down."""

    permission_required = "takedown.take_down"
    raise_exception = True
    header_icon = "warning"

    def get_breadcrumbs_items(self) -> list[dict]:
        listed = {"url": reverse("taken_down"), "label": _("Taken down")}
        return [*self.breadcrumbs_items, listed, {"url": "", "label": self.get_page_title()}]

    def get_page_title(self) -> str:
        return str(self.page_title)


class TakeDown(Desk):
    """What taking it down does, what it cannot do, and why it is done."""

    template_name = "desk/take_down.html"
    page_title = gettext_lazy("Take down")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        kind = kinds.named(kwargs["kind"])
        thing = kind.get(str(kwargs["pk"])) if kind else None
        if kind is None or thing is None:
            raise Http404
        self.kind, self.thing = kind, thing

    def get_page_subtitle(self) -> str:
        return self.kind.title(self.thing)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        standing_one = actions.in_force(self.kind, self.thing)
        if standing_one:
            return redirect("taken_down_one", standing_one.pk)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TakedownForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            row = actions.take_down(
                self.kind,
                self.thing,
                reason=form.cleaned_data["reason"],
                sentence=form.cleaned_data["sentence"],
                by=request.user,
            )
        except OSError as error:
            messages.error(
                request,
                _(
                    "Nothing was taken down: the server could not write it down (%(why)s). Call "
                    "whoever runs this site now; meanwhile, “Unpublish” takes it from readers."
                )
                % {"why": error.strerror or error},
            )
            return self.render_to_response(self.get_context_data(form=form))
        return redirect("taken_down_one", row.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        kwargs.setdefault("form", TakedownForm())
        kind, thing = self.kind, self.thing
        known = {
            "kind": kind,
            "thing": thing,
            "title": kind.title(thing),
            "addresses": list(dict.fromkeys(kind.paths(thing))),
            "others": kind.others(thing),
            "edit_url": kind.edit_url(thing),
        }
        return super().get_context_data(**kwargs | known)


class TakenDown(Desk):
    """Everything that was ever taken down, what is still down first."""

    template_name = "desk/taken_down.html"
    page_title = gettext_lazy("Taken down")

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict:
        rows = Takedown.objects.select_related("by").order_by("lifted_at", "-at", "-pk")
        down = [row for row in rows if row.lifted_at is None]
        over = [row for row in rows if row.lifted_at]
        page = Paginator([*down, *over], _ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            rows=[standing.of(Path(settings.DATA), row) for row in page], page=page, **kwargs
        )


class TakenDownOne(Desk):
    """How one takedown stands: at our own end, at the CDN, and what nobody can recall."""

    template_name = "desk/taken_down_one.html"
    page_title = gettext_lazy("Taken down")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = get_object_or_404(Takedown, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def get_context_data(self, **kwargs: Any) -> dict:
        kind, thing = actions.named_thing(self.row)
        return super().get_context_data(
            row=self.row,
            standing=standing.of(Path(settings.DATA), self.row),
            kind=kind,
            thing=thing,
            edit_url=kind.edit_url(thing) if kind and thing is not None else "",
            **kwargs,
        )


class Lift(TakenDownOne):
    """Asks once more, then lifts."""

    template_name = "desk/lift.html"
    page_title = gettext_lazy("Lift the takedown")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            actions.lift(self.row, by=request.user)
        except OSError as error:
            why = error.strerror or error
            messages.error(request, _("It stays down: nothing could be written (%s).") % why)
            return redirect("taken_down_one", self.row.pk)
        if self.row.kind == "picture":
            said = _("The takedown is lifted. Pages that show the picture show it again.")
        elif self.row.kind == "audio":
            said = _("The takedown is lifted. The story is read aloud anew.")
        else:
            said = _("The takedown is lifted. It is a draft now, and readers still do not see it.")
        messages.success(request, said)
        kind, thing = actions.named_thing(self.row)
        if kind and thing is not None:
            return redirect(kind.edit_url(thing))
        return redirect("taken_down")
