"""Empty the newsroom of its demo: what the demo made goes, what people wrote stays."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Model, ProtectedError
from wagtail.models import Page, ReferenceIndex

from nightdesk.briefs.models import Brief
from nightdesk.coverage.models import Coverage
from nightdesk.demo import script
from nightdesk.demo.load import LANGUAGES
from nightdesk.demo.mark import MARK, identity
from nightdesk.fronts.models import HomePage
from nightdesk.media.models import Picture
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import SectionPage, StoryPage, Topic


@transaction.atomic
def remove(*, edited: bool = False) -> list[str]:
    """Remove the demo; returns lines that say what went and what stayed, and why.

    A story or brief of the demo that somebody here has rewritten is theirs: it stays, with what
    it uses, unless ``edited``.
    """
    removed: dict[str, int] = {}
    kept: list[str] = []

    def gone(model: type[Model], count: int = 1) -> None:
        if count:
            name = str(model._meta.verbose_name_plural)
            removed[name] = removed.get(name, 0) + count

    stories = StoryPage.objects.filter(source_key__startswith=MARK)
    briefs = Brief.objects.filter(translation_key__in=_brief_keys())
    covered = Coverage.objects.filter(key__in=_coverage_keys())
    rewritten = 0
    for thing in [*stories, *briefs, *covered]:
        if not edited and _is_rewritten(thing):
            rewritten += 1
        else:
            thing.delete()
            gone(type(thing))
    if rewritten:
        kept.append(
            f"{rewritten} of the demo's stories, briefs and coverages stay: somebody here has edited "
            "them. "
            "nightdesk demo remove --edited removes them too."
        )
    for section in _sections():
        if section.get_children().exists():
            kept.append(f"The section “{section}” stays: stories of yours are in it.")
        else:
            section.delete()
            gone(SectionPage)
    for edition in _editions():
        edition.delete()
        gone(Edition)
    for model, keys in _named_keys().items():
        for thing in model.objects.filter(translation_key__in=keys):
            if _used(thing):
                kept.append(f"“{thing}” stays: stories of yours use it.")
                continue
            try:
                with transaction.atomic():
                    thing.delete()
                gone(model)
            except ProtectedError:
                kept.append(f"“{thing}” stays: stories of yours use it.")
    for picture in Picture.objects.filter(token__startswith="demo"):
        if ReferenceIndex.get_references_to(picture).exists():
            kept.append(f"The picture “{picture.title}” stays: something of yours shows it.")
        else:
            picture.delete()
            gone(Picture)
    if not removed:
        return ["There is nothing of the demo here.", *kept]
    counted = ", ".join(f"{count} {name}" for name, count in removed.items())
    return [f"Removed: {counted}.", *kept, *_homeless()]


def _is_rewritten(thing: Model) -> bool:
    """Whether somebody with an account has saved it; of a coverage, an update counts, too."""
    parts = list(thing.entries.all()) if isinstance(thing, Coverage) else []
    return any(part.revisions.filter(user__isnull=False).exists() for part in [thing, *parts])


def _coverage_keys() -> list[object]:
    return [
        identity("coverage", told.slug)
        for language in LANGUAGES
        for told in script.read_edition(language, _any_moment()).coverage
    ]


def _brief_keys() -> list[object]:
    return [
        identity("brief", f"{language}-{number}") for language in LANGUAGES for number in range(500)
    ]


def _named_keys() -> dict[type[Model], list[object]]:
    edition = script.read_edition("en", _any_moment())
    return {
        Newsletter: [identity("newsletter", thing.slug) for thing in edition.newsletters],
        Author: [identity("author", thing.slug) for thing in edition.authors],
        Desk: [identity("desk", thing.slug) for thing in edition.desks],
        Topic: [identity("topic", thing.slug) for thing in edition.topics],
    }


def _editions() -> Iterator[Edition]:
    """Those that nobody here wrote and that went to nobody."""
    keys = _named_keys()[Newsletter]
    rows = Edition.objects.filter(newsletter__translation_key__in=keys, made_by=None)
    for edition in rows.order_by("-pk"):
        if not edition.has_left():
            yield edition


def _sections() -> Iterator[SectionPage]:
    edition = script.read_edition("en", _any_moment())
    keys = [identity("section", section.slug) for section in edition.sections]
    yield from SectionPage.objects.filter(translation_key__in=keys)


def _used(thing: Model) -> bool:
    if isinstance(thing, Topic):
        return thing.stories.exists() or thing.briefs.exists() or thing.coverages.exists()
    if isinstance(thing, Author | Desk):
        signed = (thing.story_bylines, thing.coveragebylines, thing.entrybylines)
        return any(lines.exists() for lines in signed)
    return False


def _homeless() -> list[str]:
    """A home page without any section cannot take a story: say so."""
    return [
        f"“{home}” ({home.locale.language_code}) has no section now. Add one in the admin before "
        "writing a story."
        for home in HomePage.objects.all()
        if not Page.objects.child_of(home).exists()
    ]


def _any_moment():  # noqa: ANN202
    from django.utils import timezone

    return timezone.localtime()
