"""Hand out picture files, to readers only when something published shows them."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from nightdesk.media.access import may_see


@require_safe
def picture_file(request: HttpRequest, name: str) -> HttpResponse:
    """A finished picture. 404 for what this reader may not see, as for what is not there."""
    published = may_see(name, None)
    if not published and not may_see(name, request.user):
        raise Http404
    try:
        response = FileResponse(default_storage.open(name))
    except (OSError, ValueError) as error:
        raise Http404 from error
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if published else "private, no-store"
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
