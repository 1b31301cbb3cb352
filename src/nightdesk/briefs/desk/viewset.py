"""Briefs in the admin: the list and the whole form."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import DateColumn, LiveStatusTagColumn
from wagtail.admin.widgets import Button

from nightdesk.briefs.forms import BriefForm, SourceInput
from nightdesk.briefs.models import Brief
from nightdesk.editing.views import EditSnippets
from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.stories.forms import TopicPicker
from nightdesk.takedown.desk import buttons


class EditBrief(EditSnippets):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        taking_down = buttons.in_its_head(self.object, self.request.user)
        return [*super().header_more_buttons, *taking_down]


class Briefs(SnippetsOfOurs):
    model = Brief
    edit_view_class = EditBrief
    icon = "comment"
    menu_label = _("News Feed")
    menu_name = "briefs"
    menu_order = 20
    add_to_admin_menu = True
    list_display = [
        "__str__",
        DateColumn("published_at", label=_("Time"), sort_key="published_at"),
        "source",
        LiveStatusTagColumn(label=_("Status")),
    ]
    list_filter = ["live", "source"]
    ordering = ["-published_at", "-pk"]
    search_backend_name = None
    search_fields = ["headline", "text"]
    edit_handler = ObjectList(
        [
            FieldPanel("text"),
            FieldPanel("headline"),
            FieldPanel("published_at"),
            FieldRowPanel([FieldPanel("source", widget=SourceInput), FieldPanel("source_url")]),
            FieldPanel("story"),
            FieldPanel("picture"),
            FieldPanel("topics", widget=TopicPicker),
        ],
        base_form_class=BriefForm,
    )
