"""Share a draft from its form: who has a link, until when, and the button that ends it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages

from nightdesk.checking.actions import end, share
from nightdesk.checking.models import CheckLink
from nightdesk.press.addresses import absolute
from nightdesk.stories.desk.about_a_story import AboutAStory
from nightdesk.stories.models import StoryPage

#: Hours → how it is said.
LASTS = {
    1: gettext_lazy("1 hour"),
    24: gettext_lazy("1 day"),
    72: gettext_lazy("3 days"),
    168: gettext_lazy("7 days"),
    336: gettext_lazy("14 days"),
}


class ShareForm(forms.Form):
    for_whom = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For the list below. Nobody outside sees it."),
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("Ends after"), choices=list(LASTS.items()), coerce=int, initial=72
    )


class Sharing(AboutAStory, FormView):
    """Whoever may edit the story may share it."""

    form_class = ShareForm
    template_name = "desk/check_links.html"
    page_title = gettext_lazy("Share for checking")
    header_icon = "link"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.story = story_to_share(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: ShareForm) -> HttpResponse:
        """The answer itself shows the link: it is kept nowhere, so nothing can show it later."""
        lasts = datetime.timedelta(hours=form.cleaned_data["hours"])
        link, token = share(self.story, self.request.user, lasts, form.cleaned_data["for_whom"])
        address = absolute(reverse("check", args=[token]))
        return self.render_to_response(
            self.get_context_data(form=self.form_class(), address=address, made=link)
        )

    def get_context_data(self, **kwargs: Any) -> dict:
        links = self.story.check_links.select_related("made_by", "revoked_by")
        opened = set(CheckLink.open_at(timezone.now()).values_list("pk", flat=True))
        return super().get_context_data(
            story=self.story, links=[(link, link.pk in opened) for link in links], **kwargs
        )


def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    link = get_object_or_404(CheckLink.objects.select_related("story"), pk=pk)
    story_to_share(request, link.story_id)
    end(link, request.user)
    messages.success(
        request, _("That link has ended: nobody can read the draft under it any more.")
    )
    return redirect("check_links", link.story_id)


def story_to_share(request: HttpRequest, pk: int) -> StoryPage:
    """404 and 403 as everywhere in the admin. An alias has no draft of its own."""
    story = get_object_or_404(StoryPage, pk=pk, alias_of=None)
    if not story.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return story
