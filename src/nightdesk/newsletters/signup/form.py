"""A form for newsletters as a template shows it, and what comes back of it.

It stands on stored pages, the same for everybody: no cookie, no token, nothing of the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host

from nightdesk.newsletters.models import Newsletter
from nightdesk.newsletters.signup.words import Words, words_of

#: Nobody reads a form, fills it in and sends it in less than this many milliseconds.
TOO_FAST = 700
#: Newsletters in one form, at most; more are work for nothing.
_MOST = 50
_LONGEST_PLACE = 500


@dataclass(frozen=True)
class Form:
    """``given`` are subscribed to whatever is ticked; of ``choices`` those that are ``chosen``.

    ``id`` is the beginning of every id in it; there may be several forms on a page. ``place`` is
    the path of the page where the reader met it, where that is not the page it stands on.
    """

    id: str
    words: Words
    given: Sequence[Newsletter] = ()
    choices: Sequence[Newsletter] = ()
    chosen: frozenset[str] = frozenset()
    value: str = ""
    error: str = ""
    unchosen: str = ""
    place: str = ""
    again: bool = False


def form_for(newsletter: Newsletter) -> Form:
    words = words_of([newsletter], newsletter.language)
    return Form(f"sign-up-{newsletter.pk}", words, given=[newsletter])


def form_for_several(newsletters: Sequence[Newsletter], language: str) -> Form:
    return Form("sign-up", words_of((), language), choices=newsletters)


@dataclass(frozen=True)
class Sent:
    """What a form said. ``slugs`` are of newsletters, ``place`` is a path of ours or empty."""

    email: str
    slugs: list[str] = field(default_factory=list)
    place: str = ""
    again: bool = False
    by_a_machine: bool = False


def read(request: HttpRequest) -> Sent:
    said = request.POST
    return Sent(
        email=said.get("email", "").replace("\0", ""),
        slugs=[slug for slug in said.getlist("newsletter")[:_MOST] if slug.isprintable()],
        place=_place(request),
        again="again" in said,
        by_a_machine=bool(said.get("comment")) or _too_fast(said.get("filled", "")),
    )


def _too_fast(milliseconds: str) -> bool:
    """Only a script can say how long it took; without one nobody is suspected of it."""
    return milliseconds.isascii() and milliseconds.isdigit() and int(milliseconds[:9]) < TOO_FAST


def _place(request: HttpRequest) -> str:
    """Where the reader met the form: as the form says, or else the browser. A form at the end of
    every story is one piece for all of them, and knows of none."""
    said = request.POST.get("from", "")
    if not said:
        seen = urlsplit(request.headers.get("Referer", ""))
        said = seen.path if validate_host(seen.hostname or "", settings.ALLOWED_HOSTS) else ""
    good = said.startswith("/") and said.isprintable() and len(said) <= _LONGEST_PLACE
    return said if good else ""
