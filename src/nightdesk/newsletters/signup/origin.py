"""May a form come from there? Asked of whatever a browser says by itself, since a stored page can
hold no secret: nothing said at all (an old browser, a program) is no sign of anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host


def is_ours(request: HttpRequest) -> bool:
    """False for a form on somebody else's page.

    ``Origin: null`` is said by our own pages too, where they tell nobody where a reader comes from
    (the page of an ended link), so it decides nothing.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return True
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return validate_host(host, settings.ALLOWED_HOSTS)
