"""``/admin/brief/``: one form, one required field. Made to be bookmarked on a telephone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.briefs.actions import send_brief
from nightdesk.briefs.forms import ShortBriefForm
from nightdesk.briefs.models import Brief
from nightdesk.editing.views import CHOICE, PUT_BACK


class ShortForm(WagtailAdminTemplateMixin, FormView):
    """An empty form; or publish what was written and offer the next empty form."""

    form_class = ShortBriefForm
    template_name = "desk/short_brief.html"
    page_title = gettext_lazy("New brief")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("briefs.add_brief"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        feed = {"url": reverse(Brief.snippet_viewset.get_url_name("list")), "label": _("News Feed")}
        return [*self.breadcrumbs_items, feed, {"url": "", "label": self.page_title}]

    @cached_property
    def may_publish(self) -> bool:
        return self.request.user.has_perm("briefs.publish_brief")

    def get_initial(self) -> dict:
        asked = self.request.GET.get("language")
        return {"language": asked} if asked in dict(settings.LANGUAGES) else {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get(CHOICE) == PUT_BACK:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ShortBriefForm) -> HttpResponse:
        written = form.cleaned_data
        brief, _new = send_brief(
            written["key"],
            written["language"],
            written["text"],
            source=written["source"],
            headline=written["headline"],
            by=self.request.user,
            publish=self.may_publish,
        )
        self._tell(brief)
        again = reverse("short_brief")
        main = written["language"] == settings.LANGUAGE_CODE
        return redirect(again if main else f"{again}?language={written['language']}")

    def _tell(self, brief: Brief) -> None:
        form = brief.snippet_viewset.get_url_name("edit")
        edit = messages.button(reverse(form, args=[brief.pk]), _("Edit"))
        if brief.live:
            see = messages.button(
                brief.get_absolute_url(), _("See it as readers do"), new_window=True
            )
            text = _("“%(brief)s” is in the News Feed.") % {"brief": brief}
            messages.success(self.request, text, buttons=[see, edit])
        else:
            text = _("“%(brief)s” is kept as a draft for an editor to publish.") % {"brief": brief}
            messages.success(self.request, text)

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(may_publish=self.may_publish, **kwargs)
