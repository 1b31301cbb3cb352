"""The newsroom's menu: what is written first, then where it is shown, then whom and what it names.

Rooms put their own items into it, in this order: stories 10, Live 15, News Feed 20, coverage 25,
Editors' Picks 30, breaking banner 35, front page 40, pictures 50, people 60, topics 70,
newsletters 80.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

#: Wagtail's items that a newsroom has no use for.
NOT_OURS = frozenset({"documents", "snippets"})

#: The tree of all pages, which only those need who mend it.
TREE = frozenset({"explorer"})

#: Reports that say something about a newsroom.
REPORTS = frozenset({"press", "audit", "site-history", "locked-pages", "aging-pages"})


class WithPermission(MenuItem):
    def __init__(self, *args: object, permission: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


def picks_item() -> MenuItem:
    return WithPermission(
        _("Editors' Picks"),
        reverse("picks_board"),
        name="picks",
        icon_name="pick",
        order=30,
        permission="fronts.change_editorspicks",
    )


def breaking_item() -> MenuItem:
    return WithPermission(
        _("Breaking banner"),
        reverse("breaking"),
        name="breaking",
        icon_name="warning",
        order=35,
        permission="fronts.switch_banner",
    )


def front_page_item() -> MenuItem:
    return WithPermission(
        _("Front page"),
        reverse("front_page"),
        name="front-page",
        icon_name="home",
        order=40,
        permission="fronts.change_homepage",
    )


def sections_item() -> MenuItem:
    return WithPermission(
        _("Sections"),
        reverse("sections"),
        name="sections",
        icon_name="list-ul",
        order=45,
        permission="fronts.change_homepage",
    )


def tidy(request: HttpRequest, items: list[MenuItem]) -> None:
    """A hook for the main menu."""
    hidden = NOT_OURS if request.user.is_superuser else NOT_OURS | TREE
    items[:] = [item for item in items if item.name not in hidden]
    for item in items:
        if item.name == "images":
            item.label, item.order = _("Pictures"), 50
        elif item.name == "explorer":
            item.order = 8990


def tidy_reports(_request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name in REPORTS]


def tidy_help(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's own news and guide lie on somebody else's server."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]


def tidy_search(_request: HttpRequest, areas: list) -> None:
    areas[:] = [area for area in areas if area.name != "documents"]
