"""Fronts in the admin, and the newsroom's own order of it."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from nightdesk.editing.views import EditSnippets
from nightdesk.editing.viewsets import PagesOfOurs, SnippetsOfOurs
from nightdesk.fronts.desk import menu, night, views
from nightdesk.fronts.models import EditorsPicks, HomePage


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
for item in (menu.picks_item, menu.front_page_item, menu.sections_item):
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
    ]


@hooks.register("insert_global_admin_css")
def our_look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))
