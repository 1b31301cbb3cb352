"""What an editor is told of an embargo, and how one is lifted by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.models import Page

from nightdesk.stories import embargo
from nightdesk.stories.actions import lift_embargo
from nightdesk.stories.desk.about_a_story import AboutAStory
from nightdesk.stories.models import StoryPage


def hold_back(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A hook before a page is published from its form, when what was typed is saved already: too
    early, and it stays a draft."""
    story = page.specific
    until = embargo.standing(story) if isinstance(story, StoryPage) else None
    planned = page.go_live_at
    if until is None or (planned and planned >= until):
        return None
    text = _("%(refusal)s What you wrote is saved as a draft.") % {
        "refusal": embargo.refusal(until)
    }
    messages.error(request, text, buttons=_lift_button(request.user, story.pk))
    return redirect("wagtailadmin_pages:edit", story.pk)


def say_so(request: HttpRequest, story: StoryPage) -> None:
    """On top of the form of a story that is held back."""
    until = embargo.standing(story)
    if until is None:
        return
    moment = {"moment": embargo.in_words(until)}
    if story.live:
        text = _("Under embargo until %(moment)s: readers keep the version they have.") % moment
    else:
        text = _("Under embargo until %(moment)s: nothing of this story goes out before.") % moment
    messages.info(request, text, buttons=_lift_button(request.user, story.pk))


def _lift_button(user: Any, pk: int) -> list:
    if not user.has_perm("stories.lift_embargo"):
        return []
    return [messages.button(reverse("lift_embargo", args=[pk]), _("Lift embargo"))]


class EmbargoInWords:
    """Middleware: whatever else in the admin would have published too early (several pages at
    once, say) has done nothing at all, and says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, embargo.UnderEmbargo) or not request.path.startswith("/admin/"):
            return None
        story = StoryPage.objects.filter(pk=error.story_id).first()
        name = f"“{story.draft_title}”: " if story else ""
        messages.error(request, _("Nothing was done. %(why)s") % {"why": f"{name}{error}"})
        return redirect("stories:index")


class Reason(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy(
            "Who agreed to it, or what made it pointless. It stands in the story's history with "
            "your name and the time."
        ),
        widget=forms.TextInput({"autofocus": True}),
    )


class LiftEmbargo(AboutAStory, FormView):
    form_class = Reason
    template_name = "desk/lift_embargo.html"
    page_title = gettext_lazy("Lift embargo")
    header_icon = "lock-open"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.story = get_object_or_404(StoryPage, pk=kwargs["pk"])
        may_edit = self.story.permissions_for_user(request.user).can_edit()
        if not may_edit or not request.user.has_perm("stories.lift_embargo"):
            raise PermissionDenied
        self.until = embargo.standing(self.story)
        if self.until is None:
            messages.info(request, _("No embargo holds this story back now."))
            return redirect("wagtailadmin_pages:edit", self.story.pk)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Reason) -> HttpResponse:
        lift_embargo(self.story, self.request.user, form.cleaned_data["reason"])
        text = _("The embargo is lifted. Nothing has gone out by that: publish the story.")
        messages.success(self.request, text)
        return redirect("wagtailadmin_pages:edit", self.story.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(
            story=self.story, until=embargo.in_words(self.until), **kwargs
        )
