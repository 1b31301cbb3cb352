"""What counts as the content of a page or a brief, in a form that can be compared and hashed.

A row that is out and the version it was published from differ in what Wagtail and our own verbs
settle meanwhile: its place in the tree, who works on it, what publishing filled in. A room names
such fields when it registers its model; everything else must be the same.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import Page, Revision

#: Of a page and of anything with drafts: the tree's, the workflow's and Wagtail's own.
_SETTLED = frozenset(
    [
        "pk",
        "id",
        "page_ptr",
        "path",
        "depth",
        "numchild",
        "url_path",
        "slug",
        "content_type",
        "live",
        "has_unpublished_changes",
        "owner",
        "locked",
        "locked_at",
        "locked_by",
        "first_published_at",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "expired",
        "go_live_at",
        "expire_at",
        "alias_of",
        "draft_title",
        "translation_key",
        "locale",
        "wagtail_admin_comments",
        "show_in_menus",
    ]
)
#: Of a row inside it.
_OF_A_ROW = frozenset({"pk", "id", "page", "sort_order", "translation_key", "locale"})


@dataclass(frozen=True)
class Watched:
    """``settled``: names of fields that may differ, those of rows inside as ``"rows.field"``;
    ``counts``: those that may not, though they may in pages; ``out``: the rows that readers have
    now, of a model without drafts; ``stays``: for how long after it was published such a row must
    be there as it was, though readers have it no more. Nobody deletes those but by hand."""

    model: type[Model]
    settled: frozenset[str]
    related: tuple[str, ...] = ()
    counts: frozenset[str] = frozenset()
    out: Callable[[], QuerySet] | None = None
    stays: datetime.timedelta | None = None

    def live(self) -> QuerySet:
        found = self.out() if self.out else self.model.objects.filter(live=True)
        return found.prefetch_related(*self.related).order_by("pk")

    def is_out(self, row: Any) -> bool:
        return self.live().filter(pk=row.pk).exists() if self.out else bool(row.live)

    def known_as(self, pk: object) -> str:
        return (
            f"page:{pk}" if issubclass(self.model, Page) else f"{self.model._meta.label_lower}:{pk}"
        )


_watched: dict[type[Model], Watched] = {}


def watch(
    model: type[Model],
    settled: Iterable[str] = (),
    related: Iterable[str] = (),
    counts: Iterable[str] = (),
    out: Callable[[], QuerySet] | None = None,
    stays: datetime.timedelta | None = None,
) -> None:
    """Hold what is live of ``model`` to the audit chain; see `Watched`."""
    _watched[model] = Watched(
        model, frozenset(settled), tuple(related), frozenset(counts), out, stays
    )


def all_watched() -> list[Watched]:
    return list(_watched.values())


def watched(model: type[Model]) -> Watched | None:
    return _watched.get(model)


def content_of(watching: Watched, data: dict[str, Any]) -> dict[str, Any]:
    """What a row or a version says, by field."""
    plain = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    content = {}
    for name, value in plain.items():
        if name in watching.settled or (name in _SETTLED and name not in watching.counts):
            continue
        if _is_rows(value):
            ordered = all("sort_order" in row for row in value)
            value = list(_rows(watching, name, value))
            value = value if ordered else sorted(value, key=digest)
        content[name] = _plain(value)
    return content


def of_row(watching: Watched, row: Any) -> dict[str, Any]:
    if hasattr(row, "serializable_data"):
        return content_of(watching, row.serializable_data())
    return content_of(watching, get_serializable_data_for_fields(row))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _rows(watching: Watched, name: str, rows: list[dict]) -> Iterator[dict]:
    """In their order, less what tells one copy of a row from another."""
    for row in sorted(rows, key=lambda row: row.get("sort_order") or 0):
        yield {
            key: _plain(value)
            for key, value in row.items()
            if key not in _OF_A_ROW and f"{name}.{key}" not in watching.settled
        }


def _plain(value: Any) -> Any:
    """A stream of blocks is stored as text, and each block's id is of no matter."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return _without_ids(json.loads(value))
        except ValueError:
            return value
    return (
        sorted(value) if isinstance(value, list) and all(type(v) is int for v in value) else value
    )


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        block = {"type", "value"} <= value.keys()
        return {k: _without_ids(v) for k, v in value.items() if not (block and k == "id")}
    return value


def digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def revision_digest(revision: Revision) -> str:
    """Of all that a version holds, as it is stored; a later release reads it no differently."""
    return digest(revision.content)


def state_of(watching: Watched, row: Any) -> dict[str, str]:
    """A short hash of each field: what is compared when there is no version to compare with. A
    field that a later release adds or drops is then no difference."""
    return {name: digest(value)[:24] for name, value in of_row(watching, row).items()}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Names of the fields in both that say something else."""
    return sorted(name for name in one.keys() & other.keys() if one[name] != other[name])


def differs_from_version(watching: Watched, row: Any, revision: Revision) -> list[str]:
    """Fields in which what is out is not what the version says.

    What a version refers to may have been deleted since (a picture, a related story); Wagtail then
    leaves it out when it reads the version, and so do we.
    """
    out = of_row(watching, row)
    found = differing(out, content_of(watching, revision.content))
    if not found:
        return []
    read = of_row(watching, revision.as_object())
    return [name for name in found if out[name] != read[name]]


def in_words(model: type[Model], names: Iterable[str]) -> str:
    """“headline, body”: as the form calls them."""
    said = []
    for name in names:
        try:
            known = model._meta.get_field(name)
        except FieldDoesNotExist:
            said.append(name)
            continue
        label = getattr(known, "verbose_name", None) or name
        said.append(str(label))
    return ", ".join(said)
