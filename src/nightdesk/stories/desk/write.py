"""A new story's form that is sent twice makes one story.

The form of a new story carries a key, which becomes the story's own. A button pressed twice, or
an automatic save that reaches the server together with "Publish", finds the story that is there.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from nightdesk.editing import versions
from nightdesk.editing.views import CHOICE, PUT_BACK, CreatePages, EditPages
from nightdesk.editing.viewsets import PagesOfOurs
from nightdesk.stories.models import SectionPage, StoryPage


class SentAgain(EditPages):
    """The form of a new story, sent when its story is here and somebody has gone on with it."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.newest = versions.latest_revision(self.page)
        if self.differences():
            return self.differs()
        text = _("“%(headline)s” was sent twice. It is here once.") % {"headline": self.page}
        messages.warning(request, text)
        return redirect("wagtailadmin_pages:edit", self.page.pk)


class WriteStory(CreatePages):
    def post(self, request: HttpRequest) -> HttpResponse:
        story = self._already_here()
        if story is None or request.POST.get(CHOICE) == PUT_BACK:
            return super().post(request)
        if self.expects_json_response:
            return self.json_error_response("already_here", _("This story is saved already."))
        latest = versions.latest_revision(story)
        if (
            story.first_published_at
            or story.owner_id != request.user.pk
            or (latest and latest.user_id != request.user.pk)
        ):
            return SentAgain.as_view()(request, page_id=story.pk)
        # An automatic save overtook the form by a moment: what was sent on purpose replaces it.
        story.delete()
        self.parent_page.refresh_from_db()
        return super().post(request)

    def _already_here(self) -> StoryPage | None:
        try:
            key = uuid.UUID(self.request.POST.get("key", ""))
        except ValueError:
            return None
        return StoryPage.objects.filter(
            translation_key=key, locale=self.parent_page.locale_id
        ).first()


class StoryViews(PagesOfOurs):
    model = StoryPage
    add_view_class = WriteStory


class SectionViews(PagesOfOurs):
    model = SectionPage
