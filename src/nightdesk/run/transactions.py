"""Whatever the admin changes, it changes in one transaction.

Wagtail's page form publishes in several commits; a crash between them leaves a story saved but
not live. Reading pages of the admin stays outside: a transaction here takes SQLite's write lock.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Uploads work on a picture for seconds before they write one row; meanwhile they must not hold
#: the only write lock of the newsroom.
SLOW = frozenset({"wagtailimages"})


class _Refused(Exception):
    """Carries an error answer out of the transaction, so that it is undone."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def unsafe_methods_in_one_transaction(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Decorator: a POST either happens wholly or, when it fails, not at all."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method in SAFE or SLOW & set(request.resolver_match.app_names):
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response = response.render()
                if response.status_code >= 500:
                    raise _Refused(response)
                return response
        except _Refused as refused:
            return refused.response

    return wrapped
