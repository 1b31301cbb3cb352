"""The form at the end of every story: one piece for all of them, so that a change of a newsletter
prints no story again."""

from __future__ import annotations

from django.template.loader import render_to_string

from nightdesk.newsletters.models import Newsletter
from nightdesk.newsletters.signup.form import Form
from nightdesk.newsletters.signup.words import words_of

NAME = "sign-up"
#: The first newsletter in the editor's order is what the form is about; so many more beside it.
MORE = 2


def sign_up(language: str) -> str:
    offered = list(Newsletter.offered_in(language)[: 1 + MORE])
    if not offered:
        return ""
    first, *others = offered
    form = Form("sign-up", words_of([first], language), given=[first], choices=others)
    return render_to_string("newsletters/at_the_end.html", {"newsletter": first, "form": form})
