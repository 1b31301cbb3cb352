"""Fronts in the admin, and the newsroom's own order of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from nightdesk.editing.views import EditSnippets
from nightdesk.editing.viewsets import PagesOfOurs, SnippetsOfOurs
from nightdesk.fronts.breaking import actions as breaking_actions
from nightdesk.fronts.breaking import desk as breaking
from nightdesk.fronts.desk import menu, night, views
from nightdesk.fronts.models import EditorsPicks, HomePage
from nightdesk.stories.models import StoryPage


class Board(EditSnippets):
    """Saving stays on the board: the next thing is often to move one more."""

    def get_success_url(self) -> str:
        return self.get_edit_url()

    def get_success_message(self, *_args: object) -> str:
        return _("Readers see these picks now.")


class Boards(SnippetsOfOurs):
    model = EditorsPicks
    edit_view_class = Board
    icon = "pick"
    #: Its place in the menu leads straight to the main language's board.
    menu_item_is_registered = True


class FrontPages(PagesOfOurs):
    model = HomePage


register_snippet(Boards)
hooks.register("construct_main_menu", menu.tidy)
hooks.register("construct_reports_menu", menu.tidy_reports)
hooks.register("construct_help_menu", menu.tidy_help)
hooks.register("construct_search", menu.tidy_search)
hooks.register("construct_homepage_panels", night.night_desk)
for item in (menu.picks_item, menu.breaking_item, menu.front_page_item, menu.sections_item):
    hooks.register("register_admin_menu_item", item)


@hooks.register("register_admin_viewset")
def edit_front_pages() -> FrontPages:
    return FrontPages()


@hooks.register("register_admin_urls")
def short_ways() -> list[URLPattern]:
    return [
        path("picks/", views.picks_board, name="picks_board"),
        path("front-page/", views.front_page, name="front_page"),
        path("sections/", views.sections, name="sections"),
        path("breaking/", breaking.Breaking.as_view(), name="breaking"),
        path("breaking/<int:pk>/off/", breaking.switch_off, name="breaking_off"),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def breaking_button(page: Page, user: Any, **_more: Any) -> Iterator[Button]:
    """At a story that readers can read already."""
    is_story = issubclass(page.specific_class or Page, StoryPage)
    if is_story and page.live and user.has_perm(breaking.MAY):
        yield breaking.button(page)


@hooks.register("register_permissions")
def permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="fronts", codename="switch_banner")


@hooks.register("register_log_actions")
def in_the_history(registry: LogActionRegistry) -> None:
    for action, said in (
        (breaking_actions.ON, gettext_lazy("Switched a breaking banner on")),
        (breaking_actions.OFF, gettext_lazy("Switched a breaking banner off")),
        (breaking_actions.REPLACED, gettext_lazy("Replaced a breaking banner by another")),
        (
            breaking_actions.ENDED,
            gettext_lazy("Ended a breaking banner: what it led to was unpublished"),
        ),
    ):
        registry.register_action(action, said, said)


@hooks.register("insert_global_admin_css")
def our_look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))
