"""What search engines are asked to do, and to leave alone."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nightdesk.press.addresses import absolute, address
from nightdesk.stories.reader import reader_page


def stay_away() -> bool:
    """Whether the whole newsroom asks not to be found, as a demo does."""
    return bool(settings.NIGHTDESK["NIGHTDESK_NOINDEX"])


@reader_page
def robots_txt(request: HttpRequest) -> HttpResponse:
    """The admin is nobody's business; each search costs work and shows nothing new."""
    if stay_away():
        lines = ["User-agent: *", "Disallow: /"]
    else:
        searches = [address("search", code) for code, _name in settings.LANGUAGES]
        lines = [
            "User-agent: *",
            "Disallow: /admin/",
            "Disallow: /staff/",
            *(f"Disallow: {path}" for path in searches),
            "",
            f"Sitemap: {absolute('/sitemap.xml')}",
            f"Sitemap: {absolute('/news-sitemap.xml')}",
        ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


class StayAway:
    """Middleware: a newsroom that asks not to be found says so with everything it hands out,
    pictures and feeds included, for those who never read ``robots.txt``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if stay_away():
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response
