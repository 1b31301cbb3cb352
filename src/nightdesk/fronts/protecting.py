"""Where a name can stand on front pages, and in the banner across all pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.fronts.breaking.models import Banner
from nightdesk.fronts.models import HomePage
from nightdesk.people.protecting.registry import Words, register
from nightdesk.stories.protecting import OF_A_PAGE


def register_words() -> None:
    register(
        Words(
            HomePage,
            _("front pages"),
            OF_A_PAGE,
            where=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
        )
    )
    register(
        Words(
            Banner,
            _("breaking banners"),
            ("text", "url"),
            where=lambda _row: reverse("breaking"),
        )
    )
