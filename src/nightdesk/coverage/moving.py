"""Old addresses of a coverage lead on: to its page, its feeds, its live document and each update.

They are Wagtail's own redirects, as those of stories are, so editors see and may delete them, and
protecting a name goes through them. Older pages of its list are left out: nobody shares those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save, pre_save
from wagtail.contrib.redirects.models import Redirect

from nightdesk.coverage.models import Coverage
from nightdesk.coverage.printed import FEEDS
from nightdesk.press import outbox
from nightdesk.press.dependencies import collection

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
    for path in ways.values_list("old_path", flat=True):
        yield path
        yield f"{path}/"


def _before(instance: Coverage, **_more: Any) -> None:
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
    for earlier in Redirect.objects.filter(redirect_link__startswith=old_page):
        earlier.redirect_link = page + earlier.redirect_link.removeprefix(old_page)
        earlier.save(update_fields=["redirect_link"])
    mine = Q(redirect_link__startswith=page, automatically_created=True)
    below = list(_below(coverage))
    here = [Redirect.normalise_path(f"{page}{rest}") for rest in below]
    for back in Redirect.objects.filter(mine, old_path__in=here):
        back.delete()
    old = {Redirect.normalise_path(f"{old_page}{rest}"): rest for rest in below}
    kept = Redirect.objects.filter(old_path__in=old).values_list("old_path", flat=True)
    for path in list(kept):
        del old[path]
    Redirect.objects.bulk_create(
        Redirect(old_path=path, redirect_link=f"{page}{rest}", automatically_created=True)
        for path, rest in old.items()
    )
    outbox.note(
        {f"redirect:{path}" for path in old},
        (),
        old_addresses(coverage),
    )


def _below(coverage: Coverage) -> Iterator[str]:
    """What readers may have the address of, as it stands behind the coverage's own."""
    yield from ("", "live/", *FEEDS)
    had = Q(live=True) | Q(withdrawn_at__isnull=False)
    for pk in coverage.entries.filter(had).order_by("pk").values_list("pk", flat=True):
        yield f"{pk}/"
