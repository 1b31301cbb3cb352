"""Hand out picture files, to readers only when something published shows them."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nightdesk.media.access import had_it_once, may_see


def _not_there(request: HttpRequest, name: str) -> HttpResponse:
    if had_it_once(name):
        return render(request, "404.html", status=410)
    raise Http404


@require_safe
def picture_file(request: HttpRequest, name: str) -> HttpResponse:
    """A finished picture. 404 for what this reader may not see, as for what is not there."""
    published = may_see(name, None)
    if not published and not may_see(name, request.user):
        return _not_there(request, name)
    try:
        response = FileResponse(default_storage.open(name))
    except (OSError, ValueError):
        return _not_there(request, name)
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if published else "private, no-store"
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
