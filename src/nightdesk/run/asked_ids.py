"""An id that is none means a thing that there is not: 404, and the database is not asked.

Wagtail hands whatever stands in an address, or in a chooser's query, to the database: letters, a
number of thirty digits or of five thousand are its 500, in some eighty places. All our keys are
numbers, so it is said once, for all addresses of the admin.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from nightdesk.kernel.ids import asked_id

View = Callable[..., HttpResponse]

#: Parts of an address that are ids: ``pk``, ``page_id``, ``object_id``, ``workflow_pk``.
_AN_ID = re.compile(r"(?:\w+_)?(?:id|pk)")
#: Of these Wagtail's own addresses say what else may stand there: ``live``, ``earliest``.
_OR_A_WORD = re.compile(r"revision_id_[ab]")
#: Names in a query under which choosers and bulk actions take ids, and the word that means all.
_IN_A_QUERY, _ALL = ("id", "target_pages[]", "parent_page_id"), "all"


def ids_are_numbers(view: View) -> View:
    """Decorator for all addresses of the admin."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        named = (str(value) for name, value in kwargs.items() if _is_id(name, str(value)))
        asked = (value for name in _IN_A_QUERY for value in request.GET.getlist(name))
        if any(asked_id(value) is None for value in named):
            raise Http404
        if any(value not in ("", _ALL) and asked_id(value) is None for value in asked):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def _is_id(name: str, value: str) -> bool:
    return bool(_AN_ID.fullmatch(name) or (_OR_A_WORD.fullmatch(name) and value.isdecimal()))
