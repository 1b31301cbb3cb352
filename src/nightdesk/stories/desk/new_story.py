"""“New story”: straight to the form when there is one section, else one question, which."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.stories.models import SectionPage, StoryPage


def form_address(section: SectionPage) -> str:
    """Where a new story of this section is written."""
    options = StoryPage._meta
    names = [options.app_label, options.model_name, section.pk]
    return reverse("wagtailadmin_pages:add", args=names)


class NewStory(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/new_story.html"
    page_title = gettext_lazy("New story")
    header_icon = "doc-full"
    model = StoryPage
    index_url_name = ""
    add_url_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.sections = [
            section
            for section in SectionPage.objects.select_related("locale").order_by("path")
            if section.permissions_for_user(request.user).can_add_subpage()
        ]
        if len(self.sections) == 1:
            return redirect(form_address(self.sections[0]))
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        stories = {"url": reverse("stories:index"), "label": _("Stories")}
        return [*self.breadcrumbs_items, stories, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        choices = [(section, form_address(section)) for section in self.sections]
        several = len({section.locale_id for section in self.sections}) > 1
        return super().get_context_data(sections=choices, languages=several, **kwargs)
