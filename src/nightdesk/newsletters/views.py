"""What newsletters there are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from nightdesk.newsletters.models import Newsletter


@require_safe
def newsletters(request: HttpRequest) -> HttpResponse:
    offered = Newsletter.offered_in(get_language())
    return render(request, "newsletters/list.html", {"newsletters": offered})
