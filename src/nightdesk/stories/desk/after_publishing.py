"""What an editor is told once a story is published or scheduled, and where they find themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from nightdesk.press.awaiting import land_on
from nightdesk.stories.models import StoryPage


def after_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A hook for Wagtail's page form: the page that readers get, when they have it by then; else
    our words, and the list of stories instead of the tree."""
    story = page.specific
    if not isinstance(story, StoryPage):
        return None
    edit = messages.button(reverse("wagtailadmin_pages:edit", args=[story.pk]), _("Edit"))
    planned = story.scheduled_revision
    if planned and planned.approved_go_live_at > timezone.now():
        at = timezone.localtime(planned.approved_go_live_at)
        text = _("“%(headline)s” will be published on %(day)s at %(time)s.") % {
            "headline": planned.object_str,
            "day": date_format(at, "j E"),
            "time": date_format(at, "H:i"),
        }
        messages.success(request, text, buttons=[edit])
    else:
        text = _("“%(headline)s” is published.") % {"headline": story.title}
        see = story.url and messages.button(story.url, _("See it as readers do"), new_window=True)
        messages.success(request, text, buttons=[see, edit] if see else [edit])
        if story.live and story.url and not get_valid_next_url_from_request(request):
            land_on(request, story.url)
    return redirect(get_valid_next_url_from_request(request) or reverse("stories:index"))
