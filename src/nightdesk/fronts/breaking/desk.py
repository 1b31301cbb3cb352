"""``/admin/breaking/``: what is on, the button that takes it off, and the form of the next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button

from nightdesk.fronts.breaking import actions
from nightdesk.fronts.breaking.forms import BannerForm
from nightdesk.fronts.breaking.links import leads_to
from nightdesk.fronts.breaking.models import LONGEST, Banner
from nightdesk.kernel.ids import asked_id
from nightdesk.stories.embargo import in_words
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import kinds

MAY = "fronts.switch_banner"


def running() -> list[Banner]:
    """What readers see now, one banner an edition."""
    now = timezone.now()
    latest: dict[int, Banner] = {}
    for banner in Banner.running(now).select_related("locale", "by"):
        latest.setdefault(banner.locale_id, banner)
    for banner in latest.values():
        banner.language = dict(settings.LANGUAGES).get(banner.locale.language_code, "")
        banner.ends = in_words(banner.until)
    return [banner for banner in latest.values() if leads_to(banner, now) is not None]


class Breaking(WagtailAdminTemplateMixin, FormView):
    """``?story=12`` fills the form from a story, ``?again=3`` from a banner that is to be changed
    or to go on."""

    form_class = BannerForm
    template_name = "desk/breaking.html"
    page_title = gettext_lazy("Breaking banner")
    header_icon = "thumbtack"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_initial(self) -> dict:
        if story := _asked(self.request, "story", StoryPage):
            return {
                "text": Truncator(story.title).chars(LONGEST),
                "story": story,
                "language": story.locale.language_code,
            }
        if banner := _asked(self.request, "again", Banner):
            return {
                "text": banner.text,
                "language": banner.locale.language_code,
                **_link_in_form(banner),
            }
        return {}

    def form_valid(self, form: BannerForm) -> HttpResponse:
        said = form.cleaned_data
        switched = actions.switch_on(
            said["key"],
            said["language"],
            said["text"],
            said["link"],
            lasts=form.lasts,
            by=self.request.user,
        )
        self._tell(switched)
        return redirect("breaking")

    def _tell(self, switched: actions.Switched) -> None:
        banner = switched.banner
        language = banner.locale.language_code
        home = "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
        see = messages.button(home, _("See it as readers do"), new_window=True)
        said = _("“%(text)s” is on every page until %(moment)s.") % {
            "text": banner,
            "moment": in_words(banner.until),
        }
        if switched.replaced:
            said += " " + _("It replaced “%(text)s”.") % {"text": switched.replaced}
        messages.success(self.request, said, buttons=[see])

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(running=running(), **kwargs)


def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    banner = get_object_or_404(Banner, pk=pk)
    if actions.switch_off(pk, request.user):
        messages.success(request, _("“%(text)s” is off.") % {"text": banner})
    else:
        messages.info(request, _("“%(text)s” had ended already.") % {"text": banner})
    return redirect("breaking")


def button(story: StoryPage) -> Button:
    """From a published story to the form with its headline in it."""
    address = f"{reverse('breaking')}?{urlencode({'story': story.pk})}"
    return Button(gettext_lazy("Breaking banner…"), address, icon_name="thumbtack", priority=14)


def _asked(request: HttpRequest, name: str, model: type) -> Any:
    number = asked_id(request.GET.get(name, ""))
    return None if number is None else model.objects.filter(pk=number).first()


def _link_in_form(banner: Banner) -> dict[str, Any]:
    kind = kinds.named(banner.kind)
    if kind is None:
        return {"address": banner.url}
    if kind.model is StoryPage and not banner.url:
        return {"story": kind.get(banner.thing)}
    return {"address": leads_to(banner, timezone.now()) or ""}
