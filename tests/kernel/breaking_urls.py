"""One view, and it breaks."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.urls import path


def breaks(request: HttpRequest, token: str) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError("broken")


urlpatterns = [path("confirm/<token>/", breaks)]
handler500 = server_error
