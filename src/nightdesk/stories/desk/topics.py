from django.utils.translation import gettext_lazy as _

from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.stories.models import Topic


class Topics(SnippetsOfOurs):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_name = "topics"
    menu_order = 70
    add_to_admin_menu = True
    list_display = ["name", "description"]
    search_fields = ["name"]
    ordering = "name"
