"""What a change of one page means to the pages below it: other addresses, or none for readers.

Wagtail writes the addresses of descendants, and the places of all pages, with SQL of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, post_page_move, pre_page_move

from nightdesk.press import learn, outbox
from nightdesk.press.keys import card_key, row_key

#: Pages below a changed one are told in entries of this many.
_AT_ONCE = 2_000


def path_of(page: Page) -> str | None:
    """Where readers find it; None for a page outside of every site."""
    parts = page.get_url_parts()
    return parts[2] if parts else None


def public_paths(page: Page) -> set[str]:
    """Its path, while it is live and anyone may read it."""
    if not page.live or page.get_view_restrictions().exists():
        return set()
    path = path_of(page)
    return {path} if path else set()


def _below(page: Page) -> Iterator[Page]:
    found = Page.objects.filter(path__startswith=page.path).exclude(pk=page.pk)
    return found.live().order_by("path").iterator()


def _tell_below(pages: Iterable[Page], *, gone: bool) -> None:
    left = iter(pages)
    while batch := list(islice(left, _AT_ONCE)):
        keys = {key for page in batch for key in (row_key(Page, page.pk), card_key(page.pk))}
        paths = filter(None, map(path_of, batch)) if gone else ()
        outbox.note(keys, paths)


def _slug_changed(instance: Page, instance_before: Page, **_: object) -> None:
    """The pages below have their new addresses by now; their old ones are told."""
    new, old = instance.url_path, instance_before.url_path

    def as_before() -> Iterator[Page]:
        for page in _below(instance):
            page.url_path = old + page.url_path.removeprefix(new)
            yield page

    _tell_below(as_before(), gone=True)


def _before_move(instance: Page, url_path_before: str, url_path_after: str, **_: object) -> None:
    """Tell as if it went away; `_after_move` tells as if it came."""
    learn.compare(learn.state_of(Page, instance.pk), None)
    if url_path_before != url_path_after:
        _tell_below(_below(Page.objects.get(pk=instance.pk)), gone=True)


def _after_move(instance: Page, **_: object) -> None:
    learn.compare(None, learn.state_of(Page, instance.pk))


def _restriction_before(sender: type[Model], instance: PageViewRestriction, **_: object) -> None:
    instance.__dict__["_page_before"] = learn.state_of(Page, instance.page_id)


def _restriction_after(sender: type[Model], instance: PageViewRestriction, **_: object) -> None:
    """A page alone is told as any other change of it. With pages below it, everything that asked
    who may read what is asked again: it happens once in a year."""
    page = Page.objects.get(pk=instance.page_id)
    learn.compare(instance.__dict__.pop("_page_before", None), learn.state_of(Page, page.pk))
    if page.numchild:
        outbox.note({"restrictions"})
        _tell_below(_below(page), gone=True)


def _restriction_deleted(sender: type[Model], instance: PageViewRestriction, **_: object) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is None:
        return
    outbox.note({"restrictions"} if page.numchild else (), (), ())
    learn.compare(instance.__dict__.pop("_page_before", None), learn.state_of(Page, page.pk))


def listen() -> None:
    page_slug_changed.connect(_slug_changed, dispatch_uid="press.tree")
    pre_page_move.connect(_before_move, dispatch_uid="press.tree")
    post_page_move.connect(_after_move, dispatch_uid="press.tree")
    own = {"sender": PageViewRestriction, "dispatch_uid": "press.tree"}
    pre_save.connect(_restriction_before, **own)
    post_save.connect(_restriction_after, **own)
    pre_delete.connect(_restriction_before, **own)
    post_delete.connect(_restriction_deleted, **own)
