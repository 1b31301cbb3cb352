"""What taking down a coverage means, or one of its updates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect

from nightdesk.coverage.models import Coverage, Entry
from nightdesk.coverage.moving import old_addresses
from nightdesk.coverage.printed import FEEDS
from nightdesk.press.keys import row_key
from nightdesk.press.learn import changing
from nightdesk.takedown.kinds import Kind

_COVERAGE = re.compile(r"(?:/([a-z]{2,3}))?/coverage/([-\w]+)/?")
_ENTRY = re.compile(r"(?:/[a-z]{2,3})?/coverage/[-\w]+/(\d{1,18})/?")


class Coverages(Kind):
    """The whole: its page, older pages, feeds, and every update at its own address."""

    name = "coverage"
    label = _("coverage")
    model = Coverage

    def find(self, path: str) -> Coverage | None:
        return _at(path) or _at(_where(path))

    def path(self, thing: Any) -> str:
        return thing.plain_path if thing.pk else ""

    def paths(self, thing: Any) -> Iterable[str]:
        page = self.path(thing)
        yield page
        yield unquote(thing.live_url)
        yield from (f"{page}{name}" for name in FEEDS)
        for pk in thing.entries.order_by("pk").values_list("pk", flat=True):
            yield f"{page}{pk}/"
            yield f"{page}before/{pk}/"
        yield from old_addresses(thing)

    def keys(self, thing: Any) -> Iterable[str]:
        yield row_key(Coverage, thing.pk)
        for pk in thing.entries.values_list("pk", flat=True):
            yield row_key(Entry, pk)

    def files(self, thing: Any) -> Iterable[str]:
        shown = [thing.picture, *(entry.picture for entry in _with_pictures(thing))]
        return [file for picture in shown if picture for file in picture.files()]

    def title(self, thing: Any) -> str:
        return str(thing.headline)

    def take_away(self, thing: Any, by: Any) -> None:
        thing.unpublish(user=by)
        thing.revisions.update(approved_go_live_at=None)

    def edit_url(self, thing: Any) -> str:
        return f"/admin/snippets/coverage/coverage/edit/{thing.pk}/"


def _at(path: str) -> Coverage | None:
    found = _COVERAGE.fullmatch(path)
    if not found:
        return None
    language = found[1] or settings.LANGUAGE_CODE
    return Coverage.objects.filter(slug=found[2], locale__language_code=language).first()


def _where(path: str) -> str:
    """The address that an old one leads to; empty for none."""
    old = Redirect.objects.filter(old_path=Redirect.normalise_path(path)).first()
    return unquote(urlsplit(old.redirect_link).path) if old else ""


def _with_pictures(coverage: Coverage) -> Iterable[Entry]:
    return coverage.entries.exclude(picture=None).select_related("picture")


class Entries(Kind):
    """One update. Readers of its coverage see when it was withdrawn."""

    name = "update"
    label = _("update")
    model = Entry

    def find(self, path: str) -> Entry | None:
        found = _ENTRY.fullmatch(path)
        entries = Entry.objects.select_related("coverage__locale")
        entry = found and entries.filter(pk=int(found[1])).first()
        return entry if entry and self.path(entry).rstrip("/") == path.rstrip("/") else None

    def path(self, thing: Any) -> str:
        return unquote(thing.own_url) if thing.pk else ""

    def keys(self, thing: Any) -> Iterable[str]:
        return [row_key(Entry, thing.pk)]

    def files(self, thing: Any) -> Iterable[str]:
        return thing.picture.files() if thing.picture else ()

    def title(self, thing: Any) -> str:
        return str(thing.title)

    def take_away(self, thing: Any, by: Any) -> None:
        thing.unpublish(user=by)
        thing.revisions.update(approved_go_live_at=None)

    def take_away_anyhow(self, thing: Any) -> None:
        with changing(thing):
            Entry.objects.filter(pk=thing.pk).update(live=False, withdrawn_at=timezone.now())

    def edit_url(self, thing: Any) -> str:
        return f"/admin/snippets/coverage/entry/edit/{thing.pk}/"
