"""What a change of one page means to the pages below it: other addresses, or none for readers.

Wagtail writes the addresses of descendants, and the places of all pages, with SQL of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, post_page_move, pre_page_move

from nightdesk.press import learn, outbox
from nightdesk.press.keys import page_keys

#: Pages below a changed one are told in entries of this many.
_AT_ONCE = 2_000
#: So many of their new addresses are printed before anything else.
_URGENT = 100

#: Told when many pages have other addresses at once.
TREE = "tree"


_moving: dict[int, learn.State] = {}


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


def paths_for_some(page: Page) -> set[str]:
    """Its path, while it is live and each reader is asked who they are: a password, a group."""
    if not page.live or not page.get_view_restrictions().exists():
        return set()
    path = path_of(page)
    return {path} if path else set()


def _below(place: str, pk: int) -> Iterator[Page]:
    found = Page.objects.filter(path__startswith=place).exclude(pk=pk).select_related("locale")
    return found.live().order_by("path").iterator()


def _tell_below(pages: Iterable[Page], became: Callable[[Page], Page | None]) -> None:
    """What lies below a page is gone from where it is. ``became`` makes of each what it will be,
    None for nothing that readers get. `TREE` asks the press to look at every address there is:
    there may be too many new ones to be urgent."""
    left = iter(pages)
    urgent: list[str] = []
    while batch := list(islice(left, _AT_ONCE)):
        keys = {key for page in batch for key in page_keys(page.pk)}
        gone = [path for page in batch if (path := path_of(page))]
        for page in map(became, batch):
            if page and len(urgent) < _URGENT and (path := path_of(page)):
                urgent.append(path)
        outbox.note({TREE, *keys}, gone)
    outbox.note((), (), urgent)


def _moved(before: learn.State, after: learn.State) -> None:
    """A page has another address: the pages below have theirs still, and lose it next."""
    old, new = before.values["url_path"], after.values["url_path"]

    def became(page: Page) -> Page:
        page.url_path = new + page.url_path.removeprefix(old)
        return page

    _tell_below(_below(after.values["path"], after.pk), became)


def _slug_changed(instance: Page, instance_before: Page, **_: object) -> None:
    """After the commit, when Wagtail has made its redirects (it listens before us, as the order of
    ``INSTALLED_APPS`` says): old addresses lead on from now."""
    old = path_of(instance_before)
    if old and public_paths(instance):
        outbox.note({TREE} if instance.numchild else (), (), _with_and_without_slash({old}))


def _before_move(instance: Page, **_: object) -> None:
    """The two signals of one move carry different objects."""
    state = learn.state_of(Page, instance.pk)
    if state:
        _moving[instance.pk] = state


def _after_move(instance: Page, url_path_before: str, url_path_after: str, **_: object) -> None:
    """Wagtail has made its redirects by now, in the same transaction or without one."""
    before = _moving.pop(instance.pk, None)
    learn.compare(before, learn.state_of(Page, instance.pk))
    if before and url_path_before != url_path_after:
        outbox.note((), (), _with_and_without_slash(before.paths))


def _with_and_without_slash(paths: Iterable[str]) -> set[str]:
    """A redirect answers to both. Wagtail makes many at once, which sends no signal of their own."""
    return {each for path in paths for each in (path, path.rstrip("/")) if each}


def _restriction_before(sender: type[Model], instance: PageViewRestriction, **_: object) -> None:
    instance.__dict__["_page_before"] = learn.state_of(Page, instance.page_id)


def _restriction_after(sender: type[Model], instance: PageViewRestriction, **_: object) -> None:
    """A page alone is told as any other change of it. With pages below it, everything that asked
    who may read what is asked again: it happens once in a year."""
    page = Page.objects.get(pk=instance.page_id)
    learn.compare(instance.__dict__.pop("_page_before", None), learn.state_of(Page, page.pk))
    if page.numchild:
        outbox.note({"restrictions"})
        _tell_below(_below(page.path, page.pk), lambda _page: None)
    _tell_aliases(page)


def _tell_aliases(page: Page) -> None:
    """Who may read a page may read its aliases: they and all lists of them are asked again."""
    aliases = list(page.aliases.filter(live=True))
    if aliases:
        paths = set(filter(None, map(path_of, aliases)))
        rows = {key for one in aliases for key in page_keys(one.pk)}
        outbox.note({"restrictions", TREE} | rows, paths)


def _restriction_deleted(sender: type[Model], instance: PageViewRestriction, **_: object) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is None:
        return
    outbox.note({"restrictions", TREE} if page.numchild else ())
    _tell_aliases(page)
    learn.compare(instance.__dict__.pop("_page_before", None), learn.state_of(Page, page.pk))


def listen() -> None:
    learn.on_move(_moved)
    page_slug_changed.connect(_slug_changed, dispatch_uid="press.tree")
    pre_page_move.connect(_before_move, dispatch_uid="press.tree")
    post_page_move.connect(_after_move, dispatch_uid="press.tree")
    own = {"sender": PageViewRestriction, "dispatch_uid": "press.tree"}
    pre_save.connect(_restriction_before, **own)
    post_save.connect(_restriction_after, **own)
    pre_delete.connect(_restriction_before, **own)
    post_delete.connect(_restriction_deleted, **own)
