"""Authors and desks in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.people.desk.protect import EditAuthor
from nightdesk.people.models import Author, Desk


class Authors(SnippetsOfOurs):
    model = Author
    edit_view_class = EditAuthor
    icon = "user"
    menu_label = _("Authors")
    list_display = ["name", "role", "desk"]
    list_filter = ["desk"]
    search_fields = ["name"]
    ordering = "name"


class Desks(SnippetsOfOurs):
    model = Desk
    icon = "group"
    menu_label = _("Desks")
    list_display = ["name", "description"]
    search_fields = ["name"]
    ordering = "name"


class People(SnippetViewSetGroup):
    menu_label = _("People")
    menu_name = "people"
    menu_icon = "group"
    menu_order = 60
    items = (Authors, Desks)
