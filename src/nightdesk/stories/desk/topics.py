from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from nightdesk.stories.models import Topic


class Topics(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_name = "topics"
    menu_order = 70
    add_to_admin_menu = True
    list_display = ["name", "description"]
    search_fields = ["name"]
    ordering = "name"
