"""Newsletters in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.newsletters.models import Newsletter


class Newsletters(SnippetsOfOurs):
    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    menu_name = "newsletters"
    menu_order = 80
    add_to_admin_menu = True
    list_display = ["name", "schedule_text", "host", "offered"]
    ordering = ["order", "name"]


register_snippet(Newsletters)
