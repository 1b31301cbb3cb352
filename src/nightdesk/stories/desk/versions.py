"""What readers can compare of a story, and which of it an editor keeps from them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import UserPassesTestMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from nightdesk.people.models import User
from nightdesk.stories.desk.about_a_story import AboutAStory
from nightdesk.stories.history import hide_versions
from nightdesk.stories.models import StoryPage
from nightdesk.stories.versions import PublishedVersion, changes_between


class Versions(UserPassesTestMixin, AboutAStory, TemplateView):
    """Every version, the newest first, each with what it changed and a tick that hides it."""

    template_name = "desk/versions.html"
    page_title = gettext_lazy("What readers see of the changes")
    header_icon = "history"
    raise_exception = True

    def test_func(self) -> bool:
        self.story = StoryPage.objects.filter(pk=self.kwargs["pk"]).first()
        if self.story is None:
            raise Http404
        return self.story.permissions_for_user(self.request.user).can_publish()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        ticked, were = (set(request.POST.getlist(name)) for name in ("hidden", "were_hidden"))
        numbers = PublishedVersion.objects.filter(story=self.story).values_list("number", flat=True)
        hide = [number for number in numbers if str(number) in ticked]
        # Only a tick that this editor saw and took away: others may have come meanwhile.
        show = [number for number in numbers if str(number) in were - ticked]
        hide_versions(self.story, hide, show)
        messages.success(request, _("Kept. Readers see the versions without a tick."))
        return redirect("story_versions", pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        versions = list(PublishedVersion.objects.filter(story=self.story).order_by("number"))
        changes = {change.new.number: change for change in changes_between(versions)}
        rows = [(version, changes.get(version.number)) for version in reversed(versions)]
        return super().get_context_data(rows=rows, story=self.story, **kwargs)


def urls() -> list[URLPattern]:
    return [path("stories/<int:pk>/versions/", Versions.as_view(), name="story_versions")]


def header_button(page: Page, user: User, view_name: str, next_url: str | None = None):  # noqa: ANN201
    """A hook for the menu beside a story's title."""
    story = page.specific
    if isinstance(story, StoryPage) and story.permissions_for_user(user).can_publish():
        url = reverse("story_versions", args=[story.pk])
        yield Button(_("What readers see of the changes"), url, icon_name="history", priority=66)
