"""A page of the admin that is about one story, and leads back to its form."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.stories.models import StoryPage


class AboutAStory(WagtailAdminTemplateMixin):
    """Mixed into a view that has set ``self.story`` before it answers."""

    story: StoryPage

    def get_page_subtitle(self) -> str:
        return self.story.draft_title

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.story.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("stories:index"), "label": _("Stories")},
            {"url": edit, "label": self.story.draft_title},
            {"url": "", "label": self.page_title},
        ]
