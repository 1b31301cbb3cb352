"""Old addresses lead to where a page is now, as long as readers may read it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from nightdesk.coverage.moving import is_for_readers


class MovedPages(RedirectMiddleware):
    """Wagtail's redirects, except that none leads to a page or coverage taken down or restricted: the answer
    would tell its new address, and with it the words of its headline."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        moved = get_redirect(request, path) or get_redirect(request, urlsplit(path).path)
        if moved is None or not _readers_may_follow(moved):
            return response
        return super().process_response(request, response)


def _readers_may_follow(moved: Redirect) -> bool:
    page = moved.redirect_page
    if page is None:
        return is_for_readers(moved.redirect_link)
    return page.live and not page.get_view_restrictions().exists()
