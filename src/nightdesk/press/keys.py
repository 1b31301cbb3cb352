"""The names of rows: which key stands for which row, and how much of it.

Rooms say beside their models which of a row's fields readers never see (``bookkeeping``), which
are only on the row's own page (``inside``), which models are small and rarely changed (``coarse``),
and which rows are but a part of another (``part_of``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Model
from wagtail.models import Page

#: Fields of every page that say how it came to be, and nothing to readers.
PAGE_BOOKKEEPING = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "owner",
        "latest_revision",
        "live_revision",
        "latest_revision_created_at",
        "last_published_at",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "comments_enabled",
        "alias_of",
        "show_in_menus",
    }
)

#: Fields of every page that say whether, since when and where it can be found.
PAGE_PLACE = frozenset(
    {
        "id",
        "path",
        "depth",
        "slug",
        "url_path",
        "live",
        "first_published_at",
        "locale",
        "translation_key",
        "content_type",
    }
)

#: Tables that say nothing about what readers see: reading them is no dependency.
IGNORED = frozenset({"django_content_type", "django_session", "people_user"})

#: Tables whose changes are not told. Nothing that readers see may be read from them; a page that
#: tried would have an undeclared statement.
UNTOLD = IGNORED | frozenset(
    {
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "checking_checklink",
        "coverage_searchdue",
        "django_migrations",
        "django_tasks_database_dbtaskresult",
        "mail_outgoingmail",
        "mail_relay",
        "mail_sender",
        "media_picturerendition",
        "narration_humanrecording",
        "newsletters_consentevent",
        "newsletters_consentwords",
        "newsletters_delivery",
        "newsletters_editionrecord",
        "newsletters_firstmail",
        "newsletters_mailevent",
        "newsletters_subscriber",
        "newsletters_subscription",
        "newsletters_suppression",
        "newsletters_wish",
        "people_user_groups",
        "people_user_user_permissions",
        "press_outboxentry",
        "stories_review",
        "taggit_tag",
        "taggit_taggeditem",
        "wagtailadmin_admin",
        "wagtailadmin_editingsession",
        "wagtailadmin_formstate",
        "wagtailcore_apitoken",
        "wagtailcore_collection",
        "wagtailcore_collectionviewrestriction",
        "wagtailcore_collectionviewrestriction_groups",
        "wagtailcore_comment",
        "wagtailcore_commentreply",
        "wagtailcore_groupapprovaltask",
        "wagtailcore_groupapprovaltask_groups",
        "wagtailcore_groupcollectionpermission",
        "wagtailcore_grouppagepermission",
        "wagtailcore_groupsitepermission",
        "wagtailcore_modellogentry",
        "wagtailcore_pagelogentry",
        "wagtailcore_pagesubscription",
        "wagtailcore_pageviewrestriction",
        "wagtailcore_pageviewrestriction_groups",
        "wagtailcore_referenceindex",
        "wagtailcore_revision",
        "wagtailcore_task",
        "wagtailcore_taskstate",
        "wagtailcore_uploadedfile",
        "wagtailcore_workflow",
        "wagtailcore_workflowcontenttype",
        "wagtailcore_workflowpage",
        "wagtailcore_workflowstate",
        "wagtailcore_workflowtask",
        "wagtaildocs_document",
        "wagtailimages_image",
        "wagtailimages_rendition",
        "wagtailsearch_indexentry",
        "wagtailsearch_indexentry_fts",
        "wagtailusers_userprofile",
    }
)


@dataclass(frozen=True)
class Described:
    """What a room said of a model."""

    bookkeeping: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()


_described: dict[type[Model], Described] = {}
_coarse: dict[type[Model], str] = {}
_parts: dict[type[Model], str] = {}
_on_card: set[type[Model]] = set()
#: (table, column) → the key of what is asked for by a value of that column.
_asked: dict[tuple[str, str], Callable[[Any], str]] = {}


def describe(
    model: type[Model],
    *,
    bookkeeping: Collection[str] = (),
    inside: Collection[str] = (),
    place: Collection[str] = (),
) -> None:
    """Field names of one model: those that readers never see; those only on its own page; those
    that sitemaps show beside its address."""
    _described[model] = Described(frozenset(bookkeeping), frozenset(inside), frozenset(place))


def coarse(model: type[Model], key: str = "") -> None:
    """One key for the whole table; each change of any row of it makes stale what read any row."""
    _coarse[model] = key or f"table:{model._meta.db_table}"


def part_of(model: type[Model], parent: str, *, on_card: bool = False) -> None:
    """Rows of ``model`` belong to the row that its foreign key ``parent`` names, and are read and
    changed as a part of that; ``on_card``: of what lists show of it, too."""
    key = model._meta.get_field(parent)
    _parts[model] = key.attname
    target = key.related_model
    if on_card:
        _on_card.add(model)
    named = card_key if on_card else lambda value: row_key(target, value)
    _asked[model._meta.db_table, key.column] = named


def asked_by(model: type[Model], field: str, key: Callable[[Any], str]) -> None:
    """Rows of ``model`` may be looked up by a value of ``field``: the lookup then depends on
    ``key(value)``, which `nightdesk.press.learn` writes when a row with that value comes or goes.
    """
    _asked[model._meta.db_table, model._meta.get_field(field).column] = key


def bookkeeping(model: type[Model]) -> frozenset[str]:
    own = _described.get(model, Described()).bookkeeping
    return own | PAGE_BOOKKEEPING if issubclass(model, Page) else own


def inside(model: type[Model]) -> frozenset[str]:
    return _described.get(model, Described()).inside


def place(model: type[Model]) -> frozenset[str]:
    own = _described.get(model, Described()).place
    return own | PAGE_PLACE | {field.name for field in model._meta.parents.values() if field}


def coarse_key(model: type[Model]) -> str | None:
    return _coarse.get(model)


def is_part(model: type[Model]) -> bool:
    return model in _parts


def is_on_card(model: type[Model]) -> bool:
    return model in _on_card


def parent_of(row: Model) -> tuple[type[Model], Any] | None:
    """The model and id of the row that this one is a part of."""
    attname = _parts.get(type(row))
    if attname is None:
        return None
    target = next(f for f in row._meta.concrete_fields if f.attname == attname).related_model
    return target, getattr(row, attname)


def row_key(model: type[Model], pk: Any) -> str:
    """``page:12`` for a page of any kind, else ``app.model:pk``."""
    if issubclass(model, Page):
        return f"page:{pk}"
    return f"{model._meta.label_lower}:{pk}"


def card_key(pk: Any) -> str:
    """What lists show of a page."""
    return f"page:{pk}:card"


def place_key(pk: Any) -> str:
    """Whether, since when and where a page can be found: what a link to it needs to know."""
    return f"page:{pk}:place"


def page_keys(pk: Any) -> set[str]:
    """All that a page can be to another."""
    return {row_key(Page, pk), card_key(pk), place_key(pk)}


def key_of_row(row: Model, field_names: Sequence[str]) -> str | None:
    """The key of a row that was just loaded with these fields. None for what its table's key or
    the row that it is a part of stands for."""
    model = type(row)
    if model in _coarse:
        return _coarse[model]
    if model in _parts or model._meta.db_table in IGNORED:
        return None
    if not isinstance(row, Page):
        return row_key(model, row.pk)
    if not inside(model).isdisjoint(field_names):
        return f"page:{row.pk}"
    if place_attributes(model).issuperset(field_names):
        return place_key(row.pk)
    return card_key(row.pk)


def asked_key(table: str, column: str) -> Callable[[Any], str] | None:
    """What stands for a lookup by this column; None when it does not tell one row."""
    known = _asked.get((table, column))
    if known:
        return known
    model = _by_table().get(table)
    if model is None or model._meta.pk.column != column:
        return None
    if issubclass(model, Page):
        return card_key
    return lambda value: row_key(model, value)


def coarse_key_of_table(table: str) -> str | None:
    model = _by_table().get(table)
    return _coarse.get(model) if model else None


@lru_cache(maxsize=1)
def inside_columns() -> frozenset[str]:
    """Columns that only a page's own page shows, as a statement spells them; without those that
    pages of every kind have, since each look at any page names them all."""
    return frozenset(
        f'"{model._meta.get_field(name).model._meta.db_table}"."{name}"'
        for model, told in _described.items()
        for name in told.inside
        if model._meta.get_field(name).model is model
    )


@lru_cache(maxsize=64)
def place_attributes(model: type[Model]) -> frozenset[str]:
    """What `place` names, as rows hold it."""
    return frozenset(model._meta.get_field(name).attname for name in place(model))


@lru_cache(maxsize=1)
def place_columns() -> frozenset[tuple[str, str]]:
    """(table, column) of all that `place` names, and of languages, which have a key of their own."""
    pages = [Page, *(model for model in _described if issubclass(model, Page))]
    fields = [model._meta.get_field(name) for model in pages for name in place(model)]
    fields += apps.get_model("wagtailcore", "Locale")._meta.concrete_fields
    return frozenset((field.model._meta.db_table, field.column) for field in fields)


_tables: dict[str, type[Model]] = {}


def _by_table() -> dict[str, type[Model]]:
    if not _tables:
        for model in apps.get_models(include_auto_created=True):
            _tables.setdefault(model._meta.db_table, model)
    return _tables
