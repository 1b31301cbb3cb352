"""Where a name can stand in the News Feed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.briefs.models import Brief
from nightdesk.people.protecting.registry import Words, register


def register_words() -> None:
    register(
        Words(
            Brief,
            _("briefs"),
            ("headline", "text", "source", "source_url"),
            where=lambda row: reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
        )
    )
