"""``/admin/brief/``: one form, one required field. Made to be bookmarked on a telephone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.briefs.actions import send_brief, take_back
from nightdesk.briefs.forms import ShortBriefForm
from nightdesk.briefs.models import Brief
from nightdesk.briefs.taking_back import UNDO, TooLateError, may_be_taken_back
from nightdesk.editing.views import CHOICE, PUT_BACK
from nightdesk.kernel.ids import asked_id


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
        if taken := self._taken_back():
            return taken
        asked = self.request.GET.get("language")
        return {"language": asked} if asked in dict(settings.LANGUAGES) else {}

    def _taken_back(self) -> dict | None:
        """The words of a draft of one's own, to be put right and sent again as the same brief."""
        asked = self.request.GET.get("again", "")
        brief = Brief.objects.filter(pk=asked_id(asked), live=False).first()
        sent = brief and brief.latest_revision
        if not sent or sent.user_id != self.request.user.pk or brief.scheduled_revision:
            return None
        return {
            "text": brief.text,
            "source": brief.source,
            "headline": brief.headline,
            "language": brief.locale.language_code,
            "key": brief.translation_key,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get(CHOICE) == PUT_BACK:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ShortBriefForm) -> HttpResponse:
        written = form.cleaned_data
        brief, _done = send_brief(
            written["key"],
            written["language"],
            written["text"],
            source=written["source"],
            headline=written["headline"],
            at=written["at"],
            by=self.request.user,
            publish=self.may_publish,
        )
        self._tell(brief)
        main = written["language"] == settings.LANGUAGE_CODE
        asked = {} if main else {"language": written["language"]}
        return redirect(_address(**asked, sent=brief.pk))

    def _tell(self, brief: Brief) -> None:
        form = brief.snippet_viewset.get_url_name("edit")
        edit = messages.button(reverse(form, args=[brief.pk]), _("Edit"))
        if brief.live:
            see = messages.button(
                brief.get_absolute_url(), _("See it as readers do"), new_window=True
            )
            text = _("“%(brief)s” is in the News Feed.") % {"brief": brief}
            messages.success(self.request, text, buttons=[see, edit])
        elif scheduled := brief.scheduled_revision:
            at = timezone.localtime(scheduled.approved_go_live_at)
            text = _("“%(brief)s” goes out at %(time)s.") % {
                "brief": brief,
                "time": date_format(at, "SHORT_DATETIME_FORMAT"),
            }
            messages.success(self.request, text, buttons=[edit])
        else:
            text = _("“%(brief)s” is kept as a draft for an editor to publish.") % {"brief": brief}
            messages.success(self.request, text)

    def get_context_data(self, **kwargs: Any) -> dict:
        asked = self.request.GET.get("sent", "")
        sent = Brief.objects.filter(pk=asked_id(asked)).first()
        if sent and not may_be_taken_back(sent, self.request.user):
            sent = None
        return super().get_context_data(
            may_publish=self.may_publish, sent=sent, seconds=UNDO.seconds, **kwargs
        )


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was just sent, and put its words into the form again."""
    if not request.user.has_perm("briefs.publish_brief"):
        raise PermissionDenied
    if request.method != "POST":
        return redirect(_address())
    brief = get_object_or_404(Brief, pk=pk)
    try:
        take_back(pk, request.user)
    except TooLateError:
        edit = reverse(brief.snippet_viewset.get_url_name("edit"), args=[pk])
        text = _("It was too late to undo “%(brief)s”; nothing was changed. Edit or unpublish it.")
        messages.warning(
            request, text % {"brief": brief}, buttons=[messages.button(edit, _("Edit"))]
        )
        return redirect(_address())
    text = _("“%(brief)s” was taken back. Put it right and publish it, or leave it as a draft.")
    messages.success(request, text % {"brief": brief})
    return redirect(_address(again=pk))


def _address(**asked: object) -> str:
    query = urlencode(asked)
    return reverse("short_brief") + (f"?{query}" if query else "")
