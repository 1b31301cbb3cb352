"""Protect a name: a desk signs wherever an author did, and the name is nowhere that readers read.

One transaction. Whoever kills it half way has changed nothing; whoever asks twice, or two at once,
finds the author gone. What the newsstand answers at the author's address is written in the same
transaction and put on its list when that is committed; should the list not be writable just then,
the press writes it (`nightdesk.takedown.settling`).
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Model, OuterRef, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from modelsearch import index
from wagtail.admin.models import FormState
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log as write_log
from wagtail.models import Locale, Page, Revision
from wagtail.tasks import update_reference_index_task

from nightdesk.kernel.spellings import Replacing, Spellings
from nightdesk.media.access import is_public
from nightdesk.media.models import Picture
from nightdesk.people.models import Author, Desk
from nightdesk.people.protecting import finding, names, registry
from nightdesk.people.protecting.finding import Found, Instead
from nightdesk.press import outbox, together
from nightdesk.press.addresses import absolute
from nightdesk.press.keys import row_key
from nightdesk.press.learn import changing
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.format import hashed
from nightdesk.press.shelf.takedowns import Withdrawn
from nightdesk.press.tree import path_of
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds

log = logging.getLogger("nightdesk.protect")

PROTECT, REWORDED = "nightdesk.protect_name", "nightdesk.reworded"

#: Rows written at once; places shown on the page that asks.
_AT_ONCE = 100
_PLACES = 300

_MOMENT = datetime.timedelta(microseconds=1)


class CannotProtectError(ValueError):
    """It cannot be done so; the message says why in plain words."""


@dataclass(frozen=True)
class Order:
    """What is asked for: ``also`` are other spellings, ``words`` what stands in running text, or
    nothing for the desk's name in each language."""

    author: Author
    desk: Desk
    also: Sequence[str] = ()
    words: str = ""
    reason: str = ""

    @cached_property
    def translations(self) -> list[Author]:
        every = Author.objects.filter(translation_key=self.author.translation_key)
        return list(every.select_related("locale").order_by("pk"))

    @cached_property
    def spellings(self) -> Spellings:
        """As the author's rows have the name, and as it was typed into the form."""
        return Spellings([*(row.name for row in self.translations), *self.also])

    def desk_in(self, locale: Locale) -> Desk:
        """The desk in a language; the chosen one where it was not translated."""
        same = Desk.objects.filter(translation_key=self.desk.translation_key, locale=locale)
        return same.select_related("locale").first() or self.desk

    def desks(self) -> dict[int, Desk]:
        return {row.pk: self.desk_in(row.locale) for row in self.translations}

    def instead(self, keep: int = 0) -> Instead:
        spellings, by_language = self.spellings, {}
        for locale in Locale.objects.all():
            desk = self.desk_in(locale)
            words = self.words.strip() or desk.name
            url = absolute(desk.get_absolute_url())
            by_language[locale.pk] = Replacing(spellings, words, url, keep)
        main = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
        return Instead(by_language[main.pk], by_language)

    def check(self) -> None:
        """Raises ``CannotProtectError``."""
        spellings = self.spellings
        short = next((name for name in spellings.names if len(name.split()) < 2), None)
        if short is not None:
            raise CannotProtectError(
                _(
                    "“%(name)s” is one word. Every such word on the site would be replaced, whoever "
                    "it is about. Give the full name."
                )
                % {"name": short}
            )
        for replacing in self.instead().by_language.values():
            if spellings.may_be_in(replacing.words) or spellings.is_in_url(replacing.address):
                raise CannotProtectError(
                    _(
                        "The name stands in what would replace it, “%(words)s”, or in the desk's "
                        "address. Choose another desk or other words."
                    )
                    % {"words": replacing.words}
                )


@dataclass
class Report:
    """What will be changed, or was: ``counts`` by kind, in words that editors know."""

    counts: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    more_places: int = 0
    addresses: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    portraits: list[str] = field(default_factory=list)

    def add(self, label: Any, count: int = 1) -> None:
        if count:
            self.counts[str(label)] = self.counts.get(str(label), 0) + count


@dataclass(frozen=True)
class Place:
    """One place where the name stands in running text."""

    label: str
    title: str
    where: str
    around: str


def look(order: Order) -> Report:
    """What `protect` would do. Nothing is changed."""
    order.check()
    report = Report()
    desks = order.desks()
    for signing in registry.signing():
        report.add(signing.label, signing.count(desks))
    report.addresses = _own_addresses(order.translations)
    for found in finding.in_rows(order.instead(keep=20), {Author: set(desks)}):
        if found.changes:
            report.add(found.words.label)
        for around in found.places:
            if len(report.places) < _PLACES:
                where = found.words.where(found.row)
                title = str(found.row)[:120]
                report.places.append(Place(str(found.words.label), title, where, around))
            else:
                report.more_places += 1
        if found.slug and (old := _path(found)):
            report.renamed.append((old, old.replace(found.row.slug, found.slug)))
    report.add(
        _("drafts and earlier states"),
        sum(1 for _r in finding.in_drafts(order.instead(), desks, {})),
    )
    report.portraits = [str(row.portrait) for row in order.translations if row.portrait]
    return report


def already_protected() -> str:
    """To the second of two who press the button, whose spellings may be others."""
    return _(
        "This name is protected already, or the author was deleted. Was a spelling forgotten? Make "
        "an author with that spelling as the name, and protect that one, too."
    )


def protect(order: Order, *, by: Any = None, name: str = "") -> Report:
    """Do it, all or nothing. Safe to run again: an author who is gone needs nothing more.

    ``by``: an account; ``name``: who it was, when there is none.
    """
    with transaction.atomic():
        together.alone()
        held = Author.objects.filter(translation_key=order.author.translation_key)
        if not list(held.select_for_update()):
            raise CannotProtectError(already_protected())
        order.check()
        return _Protecting(order, by, name).run()


class _Protecting:
    def __init__(self, order: Order, by: Any, name: str) -> None:
        self.order, self.by, self.name = order, by, name
        self.authors = order.translations
        self.desks = order.desks()
        self.instead = order.instead()
        self.report = Report()
        self.gone: list[str] = []
        self.slugs: dict[tuple[type[Model], str], tuple[str, str]] = {}
        self.worded: set[tuple[type[Model], Any]] = set()
        self.referring: set[tuple[type[Model], Any]] = set()

    def run(self) -> Report:
        order = self.order
        own = _own_addresses(self.authors)
        self._gone(own)
        keys = [row_key(Author, row.pk) for row in self.authors]
        portraits = {row.portrait_id for row in self.authors if row.portrait_id}
        for signing in registry.signing():
            changed = signing.replace(self.desks)
            self.report.add(signing.label, len(changed))
            self.referring |= {(type(row), row.pk) for row in changed}
        for forget in registry.also():
            forget(self.desks)
        for author in self.authors:
            index.remove_object(author)
            author.delete()
        self._rewrite_rows()
        self._redirects()
        self._rewrite_drafts()
        self._take_portraits_down(portraits)
        FormState.objects.all().delete()
        for spelling in order.spellings.names:
            names.protect(spelling, order.desk.translation_key)
        self._withdraw(keys)
        self._index()
        count = self.report.counts.copy()
        write_log(
            instance=order.desk,
            action=PROTECT,
            user=self.by,
            data={"changed": sum(count.values())},
        )
        return self.report

    def _gone(self, paths: Iterable[str]) -> None:
        self.gone += [path for path in paths if path not in self.gone]

    def _rewrite_rows(self) -> None:
        waiting: list[Found] = []
        for found in finding.in_rows(self.instead, {}):
            waiting.append(found)
            if len(waiting) >= _AT_ONCE:
                self._write(waiting)
                waiting = []
        self._write(waiting)

    def _write(self, some: list[Found]) -> None:
        plain = [found for found in some if found.words.write is None]
        with changing(*(found.row for found in plain)):
            for found in plain:
                old = _path(found) if found.slug else ""
                below = _paths_below(found.row) if old else []
                changes = self._all_changes(found)
                found.words.model._base_manager.filter(pk=found.row.pk).update(**changes)
                if old:
                    self._gone([old, *below])
                    self.report.renamed.append((old, _path(found)))
        for found in some:
            if found.words.write is not None:
                self._all_changes(found)
                found.words.write(found.row, found.changes)
            if found.changes:
                self.report.add(found.words.label)
            if found.slug and isinstance(found.row, Page) and found.row.numchild:
                old = found.row.__dict__["_url_path_before"]
                found.row._update_descendant_url_paths(old, found.row.url_path)
        self.worded |= {(found.words.model, found.row.pk) for found in some}

    def _all_changes(self, found: Found) -> dict[str, Any]:
        """Into the row, and as columns for the database."""
        row, changes = found.row, dict(found.changes)
        for name, value in changes.items():
            setattr(row, name, value)
        changes |= found.words.follow(row)
        if found.slug:
            slug = _free_slug(found)
            before = getattr(row, found.words.slug)
            self.slugs[found.words.model, str(row.pk)] = (before, slug)
            changes[found.words.slug] = slug
            if isinstance(row, Page):
                row.__dict__["_url_path_before"] = row.url_path
                parent = row.url_path.rstrip("/").rpartition("/")[0]
                changes["url_path"] = f"{parent}/{slug}/"
        for name, value in changes.items():
            setattr(row, name, value)
        return changes

    def _redirects(self) -> None:
        """Those that lead to what is gone, or have the name in their own address."""
        spellings = self.order.spellings
        moved = dict(self.report.renamed)
        own = {path.rstrip("/") for path in self.gone}
        for redirect in Redirect.objects.all():
            there = unquote(urlsplit(redirect.redirect_link or "").path)
            old = unquote(urlsplit(redirect.old_path).path)
            if there.rstrip("/") in {path.rstrip("/") for path in moved}:
                kept = next(
                    new for gone, new in moved.items() if gone.rstrip("/") == there.rstrip("/")
                )
                redirect.redirect_link = kept
                redirect.save()
                there = kept
            if (
                there.rstrip("/") in own
                or old.rstrip("/") in own
                or spellings.is_in_url(old)
                or spellings.is_in_url(redirect.redirect_link or "")
            ):
                self._gone([old])
                redirect.delete()

    def _rewrite_drafts(self) -> None:
        """Each is a moment younger than it was: a form that was made before says so, and does
        not put the name back unseen (`nightdesk.editing.versions`)."""
        waiting: list[Revision] = []
        for revision in finding.in_drafts(self.instead, self.desks, self.slugs):
            revision.created_at += _MOMENT
            waiting.append(revision)
            self.report.add(_("drafts and earlier states"))
            if len(waiting) >= _AT_ONCE:
                _save_drafts(waiting)
                waiting = []
        _save_drafts(waiting)

    def _take_portraits_down(self, ids: set[int]) -> None:
        """Unless something else that readers see shows them."""
        kind = kinds.named("picture")
        for picture in Picture.objects.filter(pk__in=ids, taken_down=False):
            if kind is None or is_public(picture):
                continue
            self._take_down(
                Withdrawn(
                    id=takedowns.new_id(),
                    path=kind.path(picture),
                    reason=self.order.reason,
                    by=self._who(),
                    **takedown.described(kind, picture),
                )
            )
            self.report.portraits.append(picture.title)

    def _withdraw(self, keys: list[str]) -> None:
        """410 at every address that is gone, and nobody gets one of them again."""
        for path in self.gone:
            names.GoneAddress.objects.get_or_create(path=path[:300])
        outbox.note((), self.gone)
        self._take_down(
            Withdrawn(
                id=takedowns.new_id(),
                path=self.gone[0],
                paths=tuple(self.gone),
                keys=tuple(hashed(key) for key in keys),
                title=_("A protected name"),
                reason=self.order.reason,
                by=self._who(),
            )
        )
        self.report.addresses = list(self.gone)

    def _take_down(self, one: Withdrawn) -> None:
        takedown.keep(one, self.by)
        transaction.on_commit(lambda: _list(one))

    def _who(self) -> str:
        return self.name or (self.by.get_username() if self.by else "")

    def _index(self) -> None:
        """Search and “Usage” follow; search at once, for it finds by words that are gone now."""
        for model, pk in self.worded:
            if issubclass(model, index.Indexed):
                index.insert_or_update_object(model._base_manager.get(pk=pk))
        for model, pk in self.worded | self.referring:
            if hasattr(model, "latest_revision") or hasattr(model, "is_held_to_the_log"):
                # What is out now is what this left, and no forgery.
                write_log(instance=model._base_manager.get(pk=pk), action=REWORDED, user=self.by)
            room, name = model._meta.app_label, model._meta.model_name
            update_reference_index_task.enqueue(room, name, str(pk))


def _save_drafts(some: list[Revision]) -> None:
    Revision.objects.bulk_update(some, ["content", "object_str", "created_at"])
    latest = Revision.objects.filter(pk=OuterRef("latest_revision")).values("created_at")
    pages = Page.objects.filter(latest_revision__in=[revision.pk for revision in some])
    pages.update(latest_revision_created_at=Subquery(latest))


def _list(one: Withdrawn) -> None:
    try:
        takedowns.take_down(Path(settings.DATA), one)
    except OSError:
        log.exception("The list of takedowns could not be written; the press will do it.")


def _own_addresses(authors: Iterable[Author]) -> list[str]:
    return [unquote(author.get_absolute_url()) for author in authors]


def _path(found: Found) -> str:
    return unquote(found.words.path(found.row) or "")


def _paths_below(row: Model) -> list[str]:
    """The addresses of pages that move with the one that they are below."""
    if not isinstance(row, Page) or not row.numchild:
        return []
    pages = row.get_descendants().live().select_related("locale")
    return [unquote(path) for page in pages if (path := path_of(page))]


def _free_slug(found: Found) -> str:
    """The new slug, numbered when it is taken."""
    row, wanted = found.row, found.slug[:100].strip("-") or "story"
    rows: Any = found.words.model._base_manager.exclude(pk=row.pk)
    if isinstance(row, Page):
        rows = row.get_siblings(inclusive=False)
    elif hasattr(row, "locale_id"):
        rows = rows.filter(locale=row.locale_id)
    taken = set(rows.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)
