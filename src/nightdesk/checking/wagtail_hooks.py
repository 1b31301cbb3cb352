"""Sharing in the admin: a button at every story's form, and its lines in the history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from nightdesk.checking import actions
from nightdesk.checking.desk import views
from nightdesk.stories.models import StoryPage


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("stories/<int:pk>/check-links/", views.Sharing.as_view(), name="check_links"),
        path("check-links/<int:pk>/revoke/", views.revoke, name="revoke_check_link"),
    ]


@hooks.register("register_page_header_buttons")
def share_button(page: Page, user: Any, **_kwargs: Any) -> Iterator[Button]:
    is_story = issubclass(page.specific_class or Page, StoryPage)
    if is_story and page.alias_of_id is None and page.permissions_for_user(user).can_edit():
        address = reverse("check_links", args=[page.pk])
        yield Button(_("Share for checking"), address, icon_name="link", priority=12)


@hooks.register("register_log_actions")
def log_actions(registry: LogActionRegistry) -> None:
    registry.register_action(
        actions.SHARED, _("Share for checking"), _("Shared a draft for checking")
    )
    registry.register_action(
        actions.ENDED, _("End a link for checking"), _("Ended a link for checking")
    )
