"""Whatever the admin changes, it changes in one transaction, or says that it has not.

Wagtail's page form publishes in several commits; a crash between them leaves a story saved but
not live. Reading pages of the admin stays outside: a transaction here takes SQLite's write lock.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse

from nightdesk.press import together
from nightdesk.press.nothing_saved import forget_what_was_announced, nothing_saved

log = logging.getLogger("nightdesk.run")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Uploads work on a picture for seconds before they write one row; meanwhile they must not hold
#: the only write lock of the newsroom.
SLOW = frozenset({"wagtailimages"})
#: So does whoever checks a password: half a second of a processor, and strangers may ask for it.
#: So does a sentence that is spoken, and a recording that is looked at, while an editor waits.
SLOW_VIEWS = frozenset({"account_login", "hear_a_name", "story_recording"})

#: Who goes through everything says so itself.
ALONE = frozenset({"protect_name"})

View = Callable[..., HttpResponse]


class _Refused(Exception):
    """Carries an error answer out of the transaction, so that it is undone."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def unsafe_methods_in_one_transaction(view: View) -> View:
    """Decorator: a POST either happens wholly or, when it fails, not at all.

    When the database cannot take it (locked, disk full, not in its place), the editor gets a page
    that says so and holds everything that was sent, to be sent again by one button.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method in SAFE:
            return view(request, *args, **kwargs)
        try:
            found = request.resolver_match
            if SLOW & set(found.app_names) or found.url_name in SLOW_VIEWS:
                return view(request, *args, **kwargs)
            with transaction.atomic():
                if found.url_name not in ALONE:
                    together.beside_others()
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response = response.render()
                if response.status_code >= 500:
                    raise _Refused(response)
                return response
        except _Refused as refused:
            forget_what_was_announced(request)
            return refused.response
        except (OperationalError, InterfaceError) as error:
            log.error("Nothing was saved of a change in the admin. The database says: %s", error)
            return nothing_saved(request, error)

    return wrapped
