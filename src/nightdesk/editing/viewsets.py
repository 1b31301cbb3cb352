"""What each kind of page and of snippet is edited with: Wagtail's views, two editors in mind."""

from __future__ import annotations

from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from nightdesk.editing.views import (
    CreatePages,
    CreateSnippets,
    EditPages,
    EditSnippets,
    RevertPages,
)


class PagesOfOurs(PageViewSet):
    add_view_class = CreatePages
    edit_view_class = EditPages
    revisions_revert_view_class = RevertPages


class SnippetsOfOurs(SnippetViewSet):
    add_view_class = CreateSnippets
    edit_view_class = EditSnippets
