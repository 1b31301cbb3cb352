"""All that is read, what could not be, and how far the archive has come."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from nightdesk.narration import archive, choosing, room
from nightdesk.narration.models import HumanRecording, Narration, SectionAudio
from nightdesk.stories.models import SectionPage

_SHOWN = 50


class Overview(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/narrations.html"
    permission_required = "narration.change_narration"
    raise_exception = True
    page_title = gettext_lazy("Narration")
    header_icon = "media"

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def post(self, request: HttpRequest) -> HttpResponse:
        if "sections" in request.POST:
            self._choose_sections(request)
        elif "again" in request.POST:
            count = archive.again()
            messages.success(
                request,
                ngettext(
                    "%(count)d story is tried once more.",
                    "%(count)d stories are tried once more.",
                    count,
                )
                % {"count": count},
            )
        else:
            count = archive.backfill()
            messages.success(
                request,
                ngettext(
                    "%(count)d story of the archive waits to be read, after everything new.",
                    "%(count)d stories of the archive wait to be read, after everything new.",
                    count,
                )
                % {"count": count},
            )
        return redirect("narrations")

    def _choose_sections(self, request: HttpRequest) -> None:
        read = set(request.POST.getlist("read"))
        for page in _sections():
            SectionAudio.objects.update_or_create(
                page=Page.objects.get(pk=page.pk), defaults={"read": str(page.pk) in read}
            )
        messages.success(request, gettext_lazy("Kept. It holds for what is published from now on."))

    def get_context_data(self, **kwargs: Any) -> dict:
        rows = Narration.objects.select_related("story").order_by("-wanted_at")
        if state := self.request.GET.get("state"):
            rows = rows.filter(state=state)
        page = Paginator(rows, _SHOWN).get_page(self.request.GET.get("p"))
        counts = dict(Narration.objects.values_list("state").annotate(n=Count("pk")).order_by())
        silent = set(SectionAudio.objects.filter(read=False).values_list("page", flat=True))
        return super().get_context_data(
            rows=page,
            counts=[
                (value, label, counts.get(value, 0)) for value, label in Narration.State.choices
            ],
            state=state,
            sections=[(page, page.pk not in silent) for page in _sections()],
            held=HumanRecording.objects.filter(held="correction").select_related("story")[:_SHOWN],
            no_room=room.sentence(),
            unread=archive.unread().order_by().count(),
            archive=archive.progress(),
            failed=counts.get(Narration.State.FAILED, 0),
            voices=[(name, choosing.voice_of(code)) for code, name in _languages()],
            **kwargs,
        )


def _sections() -> list[SectionPage]:
    return list(SectionPage.objects.live().order_by("path"))


def _languages() -> list[tuple[str, str]]:
    from django.conf import settings

    return list(settings.LANGUAGES)
