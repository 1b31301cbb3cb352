"""Where a mail service sends its reports."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from nightdesk.newsletters.events import services
from nightdesk.newsletters.events.reports import take

log = logging.getLogger("nightdesk.newsletters.events")


@csrf_exempt
def reports(request: HttpRequest, service: str) -> HttpResponse:
    """200 when everything in it is written down; what we do not know is not sent again for ever."""
    answer = _answer(request, service)
    answer["Cache-Control"] = "no-store"
    return answer


def _answer(request: HttpRequest, service: str) -> HttpResponse:
    if not services.is_open(service):
        return HttpResponse("Nothing is taken here.\n", status=404, content_type="text/plain")
    if request.method in ("GET", "HEAD"):  # some services look first whether anybody is there
        return HttpResponse("Reports are taken here.\n", content_type="text/plain")
    if request.method != "POST":
        return HttpResponse(status=405)
    if not request.headers.get("Authorization"):
        # Amazon says its name and password only when it is asked for them.
        answer = HttpResponse("Say who you are.\n", status=401, content_type="text/plain")
        answer["WWW-Authenticate"] = 'Basic realm="reports"'
        return answer
    try:
        found = services.read(service, request)
    except services.NotBelievedError:
        log.warning("A report in the name of %s was not believed: its secret is not ours.", service)
        return HttpResponse("Not believed.\n", status=403, content_type="text/plain")
    except services.UnreadableError:
        log.warning("A report of %s could not be read.", service)
        return HttpResponse("Not understood.\n", status=400, content_type="text/plain")
    for report in found:
        take(report)
    return HttpResponse("OK\n", content_type="text/plain")
