"""Hand out the theme's files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nightdesk.theme.assets import assets

A_YEAR = "public, max-age=31536000, immutable"
#: A page stored before an upgrade names yesterday's file: today's is better than none.
FOR_OLD_PAGES = "public, max-age=60"


@require_safe
def asset_file(request: HttpRequest, stem: str, digest: str, ending: str) -> HttpResponse:
    """``/assets/<stem>.<digest>.<ending>``."""
    found = assets().get(f"{stem}.{ending}")
    if found is None:
        raise Http404
    response = HttpResponse(found.body, content_type=found.content_type)
    response["Cache-Control"] = A_YEAR if found.url == request.path else FOR_OLD_PAGES
    return response
