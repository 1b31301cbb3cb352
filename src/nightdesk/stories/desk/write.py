"""The form of a story: what is sent twice is one story, what is sent too early stays a draft.

The form of a new story carries a key, which becomes the story's own. A button pressed twice, or
an automatic save that reaches the server together with "Publish", finds the story that is there.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import WorkflowState

from nightdesk.editing import versions
from nightdesk.editing.views import CHOICE, PUT_BACK, CreatePages, EditPages, RevertPages
from nightdesk.editing.viewsets import PagesOfOurs
from nightdesk.stories import embargo, review
from nightdesk.stories.desk.hold_back import say_so
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


class OurSteps:
    """What the forms of new and of known stories say in our words."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if not self.expects_json_response:
            for sentence in form.settled:
                messages.warning(self.request, sentence)
        return response

    def submit_action(self) -> HttpResponse:
        super().submit_action()
        for _message in get_messages(self.request):
            pass  # Wagtail speaks of moderation
        text = _("“%(headline)s” is in review. Whoever may approve it finds it on the first page.")
        edit = messages.button(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), _("Edit"))
        messages.success(self.request, text % {"headline": self.page.title}, buttons=[edit])
        return redirect(get_valid_next_url_from_request(self.request) or reverse("stories:index"))


class WriteStory(OurSteps, CreatePages):
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

    def publish_action(self) -> HttpResponse:
        if embargo.standing(self.form.instance):
            # Wagtail saves a new page as live and publishes it a moment later.
            self.form.instance.live = False
        return super().publish_action()

    def _already_here(self) -> StoryPage | None:
        try:
            key = uuid.UUID(self.request.POST.get("key", ""))
        except ValueError:
            return None
        return StoryPage.objects.filter(
            translation_key=key, locale=self.parent_page.locale_id
        ).first()


class EditStory(OurSteps, EditPages):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        say_so(request, self.real_page_record.specific)
        self._say_what_is_asked()
        return super().get(request, *args, **kwargs)

    def _say_what_is_asked(self) -> None:
        sent_back = self.workflow_state
        if not sent_back or sent_back.status != WorkflowState.STATUS_NEEDS_CHANGES:
            return
        answer = sent_back.current_task_state
        who = str(answer.finished_by or "?")
        text = _("%(who)s asks for changes: %(words)s") if answer.comment else ""
        text = text or _("%(who)s asks for changes.")
        messages.warning(self.request, text % {"who": who, "words": answer.comment})

    def redirect_away(self) -> HttpResponse:
        return redirect(self.next_url or "stories:index")

    def send_commenting_notifications(self, changes: dict) -> None:
        """Notes are read where they stand; see `nightdesk.stories.no_mail`."""

    def workflow_action_is_valid(self) -> bool:
        """Who may no longer approve, because they changed the text meanwhile, is told so."""
        if super().workflow_action_is_valid():
            return True
        asked = self.request.POST.get("workflow-action-name")
        in_review = self.page.current_workflow_task is not None
        return asked == "approve" and in_review and review.may_approve(self.request.user, self.page)

    def perform_workflow_action(self) -> HttpResponse:
        """A reviewer who approves with a note in the same form has not changed the text; one who
        changed a word of it has, and somebody else approves. Either way what was typed is kept."""
        if self.workflow_action != "approve":
            response = super().perform_workflow_action()
            text = _("“%(headline)s” is back with whoever wrote it.") % {
                "headline": self.page.title
            }
            messages.success(self.request, text)
            return response
        if self.has_content_changes:
            self.save_action()
        refused = review.why_not(self.request.user, self.page)
        if refused:
            text = (
                _("%(why)s What you changed is saved.") if self.has_content_changes else "%(why)s"
            )
            messages.error(self.request, text % {"why": refused})
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        self.page.current_workflow_task.on_action(
            self.page.current_workflow_task_state,
            self.request.user,
            self.workflow_action,
            **json.loads(self.request.POST.get("workflow-action-extra-data", "{}")),
        )
        text = _("“%(headline)s” is approved. It is published by whoever may publish.")
        edit = messages.button(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), _("Edit"))
        messages.success(self.request, text % {"headline": self.page.title}, buttons=[edit])
        return redirect("wagtailadmin_pages:edit", self.page.pk)


class RevertStory(OurSteps, RevertPages):
    pass


class StoryViews(PagesOfOurs):
    model = StoryPage
    add_view_class = WriteStory
    edit_view_class = EditStory
    revisions_revert_view_class = RevertStory


class SectionViews(PagesOfOurs):
    model = SectionPage
