"""Find a name in every row and every draft that somebody could read or publish again.

The page that asks before anything happens and the verb itself look through the same eyes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from nightdesk.kernel.spellings import Replacing
from nightdesk.people.protecting import registry
from nightdesk.people.protecting.registry import Desks, Words

#: Rows fetched at once.
_AT_ONCE = 200

#: What of a draft is an address, or Wagtail's own; slugs are made anew by themselves.
_NO_WORDS = frozenset({"slug", "url_path", "path", "key", "translation_key"})


@dataclass(frozen=True)
class Found:
    """A row with the name in it: ``changes`` are its columns as they will be, ``places`` a few
    words around each place, ``slug`` the new last part of its address."""

    words: Words
    row: Any
    changes: dict[str, Any]
    count: int = 0
    places: tuple[str, ...] = ()
    slug: str = ""


@dataclass
class Instead:
    """What stands for the name, in each language: language id → `Replacing`, None for the main
    one."""

    main: Replacing
    by_language: dict[int, Replacing] = field(default_factory=dict)

    def of(self, language: int | None) -> Replacing:
        return self.by_language.get(language, self.main) if language else self.main


def in_rows(instead: Instead, without: dict[type[Model], set[Any]]) -> Iterator[Found]:
    """Every live row with the name in it. ``without``: ids of rows that are not looked at."""
    for words in registry.words():
        left_out = without.get(words.model, set())
        for row, language in _rows(words):
            if row.pk in left_out:
                continue
            found = _look(words, row, instead.of(language))
            if found is not None:
                yield found


def _rows(words: Words) -> Iterator[tuple[Any, int | None]]:
    rows = words.model._base_manager.all()
    language = words.language
    if "__" in language:
        rows = rows.select_related(language.partition("__")[0])
    elif language:
        rows = rows.select_related("locale")
    for row in _by_pk(rows):
        held: Any = row
        for step in language.split("__") if language else ():
            held = getattr(held, step)
        yield row, held if language else None


def _by_pk(rows: Any) -> Iterator[Any]:
    """All of them, some at a time: those that were seen may be changed meanwhile."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        yield from some
        last = some[-1].pk


def _look(words: Words, row: Any, replacing: Replacing) -> Found | None:
    replacing.count, replacing.places = 0, []
    changes = {}
    for name in words.fields:
        value = getattr(row, name)
        if not value:
            continue
        field_ = row._meta.get_field(name)
        if isinstance(field_, StreamField):
            raw = list(value.raw_data)
            new = replacing.value(raw)
            if new != raw:
                changes[name] = StreamValue(value.stream_block, new, is_lazy=True)
        elif isinstance(value, dict | list):
            new = replacing.value(value, _NO_WORDS)
            if isinstance(new, dict):
                _readdress(new, replacing, "", "")
            if new != value:
                changes[name] = new
        elif isinstance(value, str):
            new = replacing.string(value)
            if new != value:
                changes[name] = _fitted(field_, new)
    slug = ""
    if words.slug and replacing.spellings.is_in_url(getattr(row, words.slug)):
        slug = replacing.spellings.slug_without(getattr(row, words.slug), replacing.words)
    if not changes and not slug:
        return None
    return Found(words, row, changes, replacing.count, tuple(replacing.places), slug)


def _fitted(field_: Any, words: str) -> str:
    longest = field_.max_length if isinstance(field_, CharField) else None
    return words[:longest] if longest else words


def in_drafts(
    instead: Instead, desks: Desks, renamed: Mapping[tuple[type[Model], str], tuple[str, str]]
) -> Iterator[Revision]:
    """Every kept state with the name in it, written or signed; each as it will be, not saved.

    ``renamed``: what row got which slug instead of which; its drafts get the same.
    """
    types = _types()
    known = {
        ContentType.objects.get_for_model(model).pk: drafts
        for model, drafts in registry.drafts().items()
    }
    for revision in _by_pk(Revision.objects.all()):
        if revision.content_type_id not in types:
            continue
        content = revision.content
        drafts = known.get(revision.content_type_id)
        replacing = instead.of(drafts.language(content) if drafts else content.get("locale"))
        changed = replacing.value(content, _NO_WORDS)
        signed = bool(drafts and drafts.rewrite(changed, desks))
        model = types[revision.content_type_id]
        old, new = renamed.get((model, revision.object_id), ("", ""))
        _readdress(changed, replacing, old, new)
        title = replacing.string(revision.object_str)
        if not signed and changed == content and title == revision.object_str:
            continue
        for name, value in changed.items():
            if isinstance(value, str) and value != content.get(name):
                changed[name] = _fitted(_field(model, name), value)
        revision.content, revision.object_str = changed, title
        yield revision


def _readdress(content: dict[str, Any], replacing: Replacing, old: str, new: str) -> None:
    """Slug and path of a kept state, as those of its page are now."""

    def part(slug: str) -> str:
        if not replacing.spellings.is_in_url(slug):
            return slug
        return new if slug == old else replacing.spellings.slug_without(slug, replacing.words)

    if isinstance(content.get("slug"), str):
        content["slug"] = part(content["slug"])
    if isinstance(content.get("url_path"), str):
        content["url_path"] = "/".join(map(part, content["url_path"].split("/")))


def _types() -> dict[int, type[Model]]:
    """Every kind of thing that has drafts, by the id of its type."""
    models = [words.model for words in registry.words()]
    return {
        ContentType.objects.get_for_model(model).pk: model
        for model in models
        if issubclass(model, Page) or hasattr(model, "latest_revision")
    }


def _field(model: type[Model], name: str) -> Any:
    return next((each for each in model._meta.concrete_fields if each.attname == name), None)
