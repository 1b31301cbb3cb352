"""End a coverage, or open it again: a page that says what it means, and the button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.coverage import actions
from nightdesk.coverage.models import Coverage


class End(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/end_coverage.html"
    page_title = gettext_lazy("End the coverage")
    header_icon = "calendar-check"
    meaning: str | Promise = gettext_lazy(
        "Its page says that it has ended and when, and pages that readers have open stop asking for "
        "updates. The page stays where it is, and you can open it again."
    )
    said: str | Promise = gettext_lazy("“%(coverage)s” has ended.")
    verb: Callable[..., Coverage] = staticmethod(actions.end_coverage)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("coverage.publish_coverage"):
            raise PermissionDenied
        self.coverage = get_object_or_404(Coverage, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        coverage = type(self).verb(pk, by=request.user)
        see = messages.button(coverage.get_absolute_url(), _("See it as readers do"))
        text = str(self.said) % {"coverage": coverage}
        messages.success(request, text, buttons=[see] if coverage.live else [])
        return redirect(self.form_url)

    @property
    def form_url(self) -> str:
        return reverse(Coverage.snippet_viewset.get_url_name("edit"), args=[self.coverage.pk])

    def get_page_subtitle(self) -> str:
        return str(self.coverage)

    def get_breadcrumbs_items(self) -> list[dict]:
        index = reverse(Coverage.snippet_viewset.get_url_name("list"))
        return [
            *self.breadcrumbs_items,
            {"url": index, "label": _("Coverage")},
            {"url": self.form_url, "label": str(self.coverage)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict:
        more = {"meaning": self.meaning, "form_url": self.form_url}
        return super().get_context_data(**more, **kwargs)


class Reopen(End):
    page_title = gettext_lazy("Open the coverage again")
    header_icon = "undo"
    meaning = gettext_lazy(
        "Its page says no more that it has ended, and pages that readers open from now on ask for "
        "updates again."
    )
    said = gettext_lazy("“%(coverage)s” is under way again.")
    verb = staticmethod(actions.reopen_coverage)
