"""A person's recording of a story: uploaded, replaced, confirmed after a correction, removed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log

from nightdesk.narration import room
from nightdesk.narration.desk.recording_form import RecordingForm, may_change, ready_of
from nightdesk.narration.desk.story import StoryAloud, story_to_hear
from nightdesk.narration.persons import actions, kept, words
from nightdesk.narration.persons.models import HumanRecording
from nightdesk.narration.studio.refusals import RefusedError
from nightdesk.stories.models import StoryPage

RECORDED, REMOVED, HOLDS = (
    f"nightdesk.narration.recording_{what}" for what in ("uploaded", "removed", "holds")
)


class StoryRecording(StoryAloud):
    """The same page; what was wrong with the file stands beside it."""

    http_method_names = ["post", "get", "head"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return redirect("story_aloud", self.story.pk)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        _may_change(request, self.story)
        ready = ready_of(self.story)
        form = RecordingForm(request.POST, request.FILES, ready=ready)
        if not form.is_valid() or not self._kept(form, ready):
            return self.render_to_response(self.get_context_data(recording_form=form))
        return redirect("story_aloud", self.story.pk)

    def _kept(self, form: RecordingForm, ready: HumanRecording | None) -> bool:
        upload, reader = form.cleaned_data["recording"], form.cleaned_data["reader"]
        if upload is None:
            assert ready is not None
            if reader != ready.reader:
                actions.rename(ready, reader)
            messages.success(self.request, _("Kept."))
            return True
        if no_room := room.sentence():
            form.add_error("recording", no_room)
            return False
        try:
            actions.take_in(self.story, upload, reader, self.request.user)
        except RefusedError as refused:
            form.add_error("recording", words.sentence(refused.refusal))
            return False
        log(instance=self.story, action=RECORDED, user=self.request.user)
        messages.success(
            self.request,
            _(
                "The recording has arrived and is being prepared, which takes about a minute for "
                "ten. Readers keep what they have until it is ready; you need not wait."
            ),
        )
        return True


def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone for good; the voice reads the story again."""
    story = _to_change(request, pk)
    if isinstance(story, HttpResponse):
        return story
    if actions.remove(story):
        log(instance=story, action=REMOVED, user=request.user)
    messages.success(request, _("The recording is gone. The voice reads the story again."))
    return redirect("story_aloud", pk)


def holds(request: HttpRequest, pk: int) -> HttpResponse:
    """It was read before a correction, or was taken away, and is right as it is."""
    story = _to_change(request, pk)
    if isinstance(story, HttpResponse):
        return story
    held = story.human_recordings.exclude(held="").first()
    if held:
        actions.still_holds(held)
        log(instance=story, action=HOLDS, user=request.user)
        messages.success(request, _("Readers hear the recording again in a moment."))
    return redirect("story_aloud", pk)


def sound(request: HttpRequest, pk: int) -> HttpResponse:
    """As readers hear it or would; for those who may edit the story."""
    story = story_to_hear(request, pk)
    ready = ready_of(story)
    try:
        file = (kept.masters() / ready.master).open("rb") if ready else None
    except OSError as error:
        raise Http404 from error
    if file is None:
        raise Http404
    response = FileResponse(file, content_type="audio/mpeg")
    response["Cache-Control"] = "private, no-store"
    return response


def _may_change(request: HttpRequest, story: StoryPage) -> None:
    if not may_change(request.user, story):
        raise PermissionDenied


def _to_change(request: HttpRequest, pk: int) -> StoryPage | HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    story = story_to_hear(request, pk)
    _may_change(request, story)
    return story
