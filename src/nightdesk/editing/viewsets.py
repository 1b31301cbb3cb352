"""What each kind of page and of snippet is edited with: Wagtail's views, two editors in mind."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

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


class Choice(AdminSnippetChooser):
    """Its buttons are made once in a process; Wagtail says on them for good what whoever came first
    reads. Ours wait for who looks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        name = self.model._meta.verbose_name
        self.choose_one_text = _filled(_("Choose %(object)s"), name)
        self.choose_another_text = _filled(_("Choose another %(object)s"), name)
        self.link_to_chosen_text = _filled(_("Edit this %(object)s"), name)


def _filled(words: Any, name: Any) -> Any:
    return lazy(lambda: str(words) % {"object": name}, str)()


class ChoicesOfOurs(SnippetChooserViewSet):
    base_widget_class = Choice


class SnippetsOfOurs(SnippetViewSet):
    chooser_viewset_class = ChoicesOfOurs
    add_view_class = CreateSnippets
    edit_view_class = EditSnippets
