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
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.viewsets.pages import PageViewSet

from nightdesk.stories.models import StoryPage


class WriteStory(CreateView):
    def post(self, request: HttpRequest) -> HttpResponse:
        story = self._already_here()
        if story is None:
            return super().post(request)
        if self.expects_json_response:
            return self.json_error_response("already_here", _("This story is saved already."))
        if story.first_published_at or story.owner_id != request.user.pk:
            text = _("“%(headline)s” was sent twice. It is here once.") % {"headline": story}
            messages.warning(request, text)
            return redirect("wagtailadmin_pages:edit", story.pk)
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


class StoryViews(PageViewSet):
    model = StoryPage
    add_view_class = WriteStory
