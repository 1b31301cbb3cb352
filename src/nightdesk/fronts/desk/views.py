"""Short ways from the menu to the one page or board that is meant."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Locale

from nightdesk.fronts.models import EditorsPicks, HomePage


def picks_board(request: HttpRequest) -> HttpResponse:
    """The board of the main language's edition; its form leads to those of the others."""
    if not request.user.has_perm("fronts.change_editorspicks"):
        raise PermissionDenied
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    board, _made = EditorsPicks.objects.get_or_create(locale=locale)
    edit = EditorsPicks.snippet_viewset.get_url_name("edit")
    return redirect(edit, board.pk)


def front_page(request: HttpRequest) -> HttpResponse:
    home = _home()
    return redirect("wagtailadmin_pages:edit", home.pk) if home else _nothing_yet(request)


def sections(request: HttpRequest) -> HttpResponse:
    """The sections in the order of the navigation, ready to be moved."""
    home = _home()
    if home is None:
        return _nothing_yet(request)
    return redirect(f"{reverse('wagtailadmin_explore', args=[home.pk])}?ordering=ord")


def _home() -> HomePage | None:
    return HomePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    messages.error(
        request,
        _("There is no front page yet. “nightdesk run” makes one when it opens a newsroom."),
    )
    return redirect("wagtailadmin_home")
