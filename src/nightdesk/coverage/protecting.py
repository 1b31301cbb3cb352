"""Where a name can stand in coverage: who signs it, what it says, said wrongly, and will say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.coverage.models import (
    Coverage,
    CoverageByline,
    Entry,
    EntryByline,
    EntryCorrection,
)
from nightdesk.people.protecting.bylines import sign_in_draft
from nightdesk.people.protecting.registry import Desks, Drafts, Signing, Words, register
from nightdesk.press.learn import changing


def _count(lines: type[Model], of: str, ids: Iterable[int]) -> int:
    found = lines.objects.filter(author__in=list(ids))
    return found.order_by().values(of).distinct().count()


def _sign(lines: type[Model], of: str, desks: Desks) -> list[Model]:
    """The desk signs where the author did, once."""
    signed = list(lines.objects.filter(author__in=desks).select_related(of).order_by("pk"))
    things = {getattr(line, f"{of}_id"): getattr(line, of) for line in signed}
    there = set(
        lines.objects.filter(desk__isnull=False, **{f"{of}__in": things})
        .order_by()
        .values_list(of, "desk")
    )
    for line in signed:
        desk = desks[line.author_id]
        place = (getattr(line, f"{of}_id"), desk.pk)
        if place in there:
            line.delete()
            continue
        there.add(place)
        with changing(line):
            lines.objects.filter(pk=line.pk).update(author=None, desk=desk)
    return list(things.values())


def _language_of_draft(content: dict[str, Any]) -> int | None:
    """An update has the language of its coverage."""
    found = Coverage.objects.filter(pk=content.get("coverage"))
    return found.values_list("locale_id", flat=True).first()


def _edit(of: Callable[[Any], Model]) -> Callable[[Any], str]:
    def where(row: Any) -> str:
        thing = of(row)
        return reverse(thing.snippet_viewset.get_url_name("edit"), args=[thing.pk])

    return where


def register_words() -> None:
    register(
        Words(
            Coverage,
            _("coverage"),
            ("headline", "standfirst", "summary"),
            slug="slug",
            path=Coverage.get_absolute_url,
            where=_edit(lambda row: row),
        ),
        Words(
            Entry,
            _("updates of coverage"),
            ("headline", "text", "source", "source_url"),
            language="coverage__locale_id",
            where=_edit(lambda row: row),
        ),
        Words(
            EntryCorrection,
            _("corrections of updates"),
            ("words",),
            language="entry__coverage__locale_id",
            where=_edit(lambda row: row.entry),
        ),
        Drafts(Coverage, sign_in_draft),
        Drafts(Entry, sign_in_draft, _language_of_draft),
        COVERAGE,
        UPDATES,
    )


#: Made once: what is registered twice is told apart by what it is.
COVERAGE = Signing(
    _("coverage that they sign"),
    partial(_count, CoverageByline, "coverage"),
    partial(_sign, CoverageByline, "coverage"),
)
UPDATES = Signing(
    _("updates that they sign"),
    partial(_count, EntryByline, "entry"),
    partial(_sign, EntryByline, "entry"),
)
