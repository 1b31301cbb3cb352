"""The News Feed in the admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from nightdesk.briefs.desk.short_form import ShortForm, undo
from nightdesk.briefs.desk.viewset import Briefs

register_snippet(Briefs)


@hooks.register("register_admin_urls")
def short_address() -> list[URLPattern]:
    return [
        path("brief/", ShortForm.as_view(), name="short_brief"),
        path("brief/<int:pk>/undo/", undo, name="undo_brief"),
    ]
