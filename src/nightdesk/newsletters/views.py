"""What newsletters there are, and a page for each; on both one can subscribe."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from nightdesk.newsletters import parts
from nightdesk.newsletters.models import Newsletter
from nightdesk.newsletters.signup.form import form_for, form_for_several
from nightdesk.stories.reader import reader_page


@reader_page
def newsletters(request: HttpRequest) -> HttpResponse:
    language = get_language() or ""
    offered = list(Newsletter.offered_in(language))
    context = {
        "newsletters": offered,
        "letters": [(row, form_for(row)) for row in offered],
        "several": form_for_several(offered, language) if len(offered) > 1 else None,
    }
    return render(request, "newsletters/list.html", context)


@reader_page
def newsletter(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, who writes it, when it comes, the form, and what has been sent."""
    found = get_object_or_404(Newsletter.offered_in(get_language() or ""), slug=slug)
    context = {"newsletter": found, "form": form_for(found), "parts": parts.of(found)}
    return render(request, "newsletters/newsletter.html", context)
