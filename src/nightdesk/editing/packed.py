"""The newsroom's pages and scripts travel packed: the first page that a telephone opens is 2.4 MB
as it lies on disk and a quarter of that packed.

Readers' pages are packed by the press. Here Django packs, for `/admin/` and what its pages load.
Pages with a form's token are padded by a random length (BREACH), as Django's middleware does.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_WHERE = ("/admin/", "/static/")
#: Pictures and fonts are packed already.
_WHAT = ("text/", "application/json", "application/javascript", "image/svg+xml")


class PackedForTheNewsroom(GZipMiddleware):
    """Middleware, outside everything."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        wanted = request.path.startswith(_WHERE)
        if wanted and response.headers.get("Content-Type", "").startswith(_WHAT):
            return super().process_response(request, response)
        return response
