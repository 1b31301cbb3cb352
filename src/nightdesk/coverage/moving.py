"""Old addresses of a coverage lead on: to its page, its feeds, its live document, each update and
the older pages of its list.

They are Wagtail's own redirects, as those of stories are, so editors see and may delete them, and
protecting a name goes through them. They are written together: a coverage of 500 updates has some
600 of them for each address it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.db.models.signals import post_save, pre_save
from wagtail.contrib.redirects.models import Redirect

from nightdesk.coverage.lists import older_pages
from nightdesk.coverage.models import Coverage
from nightdesk.coverage.printed import FEEDS
from nightdesk.press import outbox
from nightdesk.press.dependencies import collection
from nightdesk.press.tree import TREE
from nightdesk.stories.paging import one_in_six

_BELOW = re.compile(r"(?:/([a-z]{2,3}))?/coverage/([-\w]+)(?:/.*)?")


def listen() -> None:
    pre_save.connect(_before, sender=Coverage, dispatch_uid="coverage.moving")
    post_save.connect(_after, sender=Coverage, dispatch_uid="coverage.moving")


def is_for_readers(link: str) -> bool:
    """Whether what a redirect leads to may be told: a coverage that was withdrawn may not, since
    its address holds the words of its headline. True for what is no address of a coverage."""
    found = _BELOW.fullmatch(unquote(urlsplit(link).path))
    if not found:
        return True
    language = found[1] or settings.LANGUAGE_CODE
    with collection("coverage-out", language, found[2]):
        return Coverage.readable(language).filter(slug=found[2]).exists()


def old_addresses(coverage: Coverage) -> Iterator[str]:
    """Whatever leads to it or to something below it: a redirect answers with a slash and without."""
    ways = Redirect.objects.filter(redirect_link__startswith=coverage.plain_path).order_by("pk")
    yield from _with_slash(ways.values_list("old_path", flat=True))


def _before(instance: Coverage, update_fields: Any = None, **_more: Any) -> None:
    if update_fields is not None and "slug" not in update_fields:
        return  # keeping a version writes that there is one, beside a slug that may never be
    known = Coverage.objects.filter(pk=instance.pk, first_published_at__isnull=False)
    instance.__dict__["_slug_before"] = known.values_list("slug", flat=True).first()


def _after(instance: Coverage, **_more: Any) -> None:
    before = instance.__dict__.pop("_slug_before", None)
    if before and before != instance.slug:
        with transaction.atomic():
            _lead_on(instance, before)


def _lead_on(coverage: Coverage, slug: str) -> None:
    page = coverage.plain_path
    old_page = Coverage(locale=coverage.locale, slug=slug).plain_path
    # In one step from wherever it was before; and nothing leads away from where it is now.
    led = _turn(old_page, page)
    below = list(_below(coverage))
    gone = _stop({Redirect.normalise_path(f"{page}{rest}") for rest in below}, page)
    old = {Redirect.normalise_path(f"{old_page}{rest}"): rest for rest in below}
    for some in _in_some(old):
        kept = Redirect.objects.filter(old_path__in=some).values_list("old_path", flat=True)
        for path in list(kept):
            del old[path]
    Redirect.objects.bulk_create(
        Redirect(old_path=path, redirect_link=f"{page}{rest}", automatically_created=True)
        for path, rest in old.items()
    )
    # There are too many to be urgent: the press goes through all addresses, and until then the
    # site is asked for what is not printed.
    first = ("", "live/", *FEEDS)
    urgent = [Redirect.normalise_path(f"{old_page}{rest}") for rest in first]
    outbox.note(
        {TREE, *(f"redirect:{path}" for path in {*old, *led, *gone})},
        _with_slash(gone),
        [*(f"{page}{rest}" for rest in first), *_with_slash(urgent)],
    )


def _turn(old_page: str, page: str) -> list[str]:
    """What led to the page's former address, or below it, leads to where that is now."""
    ways = Redirect.objects.filter(redirect_link__startswith=old_page)
    # SQLite's LIKE holds capitals and small letters for the same.
    found = {
        pk: path
        for pk, path, link in ways.values_list("pk", "old_path", "redirect_link")
        if link.startswith(old_page)
    }
    rest = Substr("redirect_link", len(old_page) + 1)
    for some in _in_some(found):
        Redirect.objects.filter(pk__in=some).update(redirect_link=Concat(Value(page), rest))
    return list(found.values())


def _stop(here: set[str], page: str) -> list[str]:
    """Nothing that was made by itself leads away from one of these addresses to others below the
    page."""
    made = Redirect.objects.filter(redirect_link__startswith=page, automatically_created=True)
    found = {pk: path for pk, path in made.values_list("pk", "old_path") if path in here}
    for some in _in_some(found):
        ways = Redirect.objects.filter(pk__in=some)
        ways._raw_delete(ways.db)
    return list(found.values())


def _in_some(these: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(list(these))
    while some := list(islice(left, 500)):
        yield some


def _with_slash(paths: Iterable[str]) -> Iterator[str]:
    """A redirect answers to both."""
    for path in paths:
        yield path
        yield f"{path}/"


def _below(coverage: Coverage) -> Iterator[str]:
    """What readers may have the address of, as it stands behind the coverage's own."""
    yield from ("", "live/", *FEEDS)
    had = coverage.entries.filter(Q(live=True) | Q(withdrawn_at__isnull=False))
    pages = older_pages(coverage)
    for pk in had.order_by("pk").values_list("pk", flat=True):
        yield f"{pk}/"
        # Pages have ended, or will end, after others than they do now.
        if pk in pages or one_in_six(pk):
            yield f"before/{pk}/"
