"""Takedowns in the admin: where the button stands, and the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry

from nightdesk.takedown import actions
from nightdesk.takedown.desk import buttons, refusing, views
from nightdesk.takedown.desk.buttons import MAY

hooks.register("before_edit_page", refusing.keep_as_draft)
hooks.register("before_edit_snippet", refusing.keep_as_draft)
hooks.register("construct_page_action_menu", refusing.no_publish_button, order=10)
hooks.register("construct_snippet_action_menu", refusing.no_publish_button, order=10)


@hooks.register("register_page_header_buttons")
def in_the_head_of_a_page(page: Any, user: Any, **_more: Any) -> Iterator[Button]:
    yield from buttons.in_its_head(page.specific, user)


@hooks.register("register_page_listing_more_buttons")
def in_a_list_of_pages(page: Any, user: Any, **_more: Any) -> Iterator[Button]:
    yield from buttons.in_a_list(page.specific, user)


@hooks.register("register_snippet_listing_buttons")
def in_a_list_of_snippets(snippet: Any, user: Any, *_more: Any) -> Iterator[Button]:
    yield from buttons.in_a_list(snippet, user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("take-down/<slug:kind>/<int:pk>/", views.TakeDown.as_view(), name="take_down"),
        path("taken-down/", views.TakenDown.as_view(), name="taken_down"),
        path("taken-down/<int:pk>/", views.TakenDownOne.as_view(), name="taken_down_one"),
        path("taken-down/<int:pk>/lift/", views.Lift.as_view(), name="lift_takedown"),
    ]


class TakenDownItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return TakenDownItem(
        _("Taken down"), reverse("taken_down"), name="taken-down", icon_name="warning", order=90
    )


@hooks.register("register_permissions")
def permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="takedown", codename="take_down")


@hooks.register("register_log_actions")
def in_the_history(registry: LogActionRegistry) -> None:
    registry.register_action(actions.DOWN, _("Take down"), _("Taken down"))
    registry.register_action(actions.LIFTED, _("Lift takedown"), _("Takedown lifted"))
