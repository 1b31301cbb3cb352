"""What newsletters there are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from nightdesk.newsletters.models import Newsletter
from nightdesk.stories.reader import reader_page


@reader_page
def newsletters(request: HttpRequest) -> HttpResponse:
    offered = list(Newsletter.offered_in(get_language()))
    return render(request, "newsletters/list.html", {"newsletters": offered})
