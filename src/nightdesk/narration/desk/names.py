"""The list of names and how they are said."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.narration.models import Pronunciation


class Names(SnippetsOfOurs):
    model = Pronunciation
    icon = "media"
    menu_label = _("Names aloud")
    menu_name = "pronunciations"
    menu_order = 86
    add_to_admin_menu = True
    list_display = ["term", Column("in_letters", label=_("As it sounds")), "language"]
    list_filter = ["language"]
    search_fields = ["term", "says"]
    ordering = "term"
