"""Who and what the newsroom already knows by name: authors, desks, topics, sections.

A name is found again however it is typed (case, quotes, spaces); a new one is added. One language's
edition each: names of another edition are other rows, tied together as translations.
"""

import uuid

from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext, override
from wagtail.models import Locale

from nightdesk.fronts.models import HomePage
from nightdesk.kernel.text import fold
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import RESERVED_SLUGS, SectionPage, Topic

from .found import FoundByline

_LONGEST_NAME = 120


class KnownNames:
    """One edition's names, read once and kept for a whole import. `forget` after a rollback."""

    def __init__(self, home: HomePage) -> None:
        self.home = home
        self._rows: dict[type[Model], dict[str, Model]] = {}
        self._section_ids: dict[str, int] = {}
        self._added: list[Model] = []

    @property
    def locale(self) -> Locale:
        return self.home.locale

    def forget(self) -> None:
        """What was added may be gone again: read everything anew."""
        self._rows.clear()
        self._section_ids.clear()

    def take_added(self) -> list[Model]:
        """What was added since this was asked last, for the search index."""
        added, self._added = self._added, []
        return added

    def who(self, byline: FoundByline) -> Author | Desk:
        """The author or desk of this name; one that is already known as the other stays that."""
        first, other = (Desk, Author) if byline.is_desk else (Author, Desk)
        for model in (first, other):
            for spelling in _spellings(byline.name):
                if known := self._known(model).get(spelling):
                    return known
        name = byline.name[:1].upper() + byline.name[1:] if byline.is_desk else byline.name
        return self._add(first, name)

    def topic(self, name: str) -> Topic:
        """The topic of this name."""
        return self._known(Topic).get(fold(name)) or self._add(Topic, name)

    def section(self, name: str = "") -> SectionPage:
        """The section of this name or address; for every other name the section `news`.

        A fresh object each time: where its next story goes is written in it, and others write too.
        """
        if not self._section_ids:
            for page in SectionPage.objects.child_of(self.home):
                self._section_ids.setdefault(fold(page.slug), page.pk)
                self._section_ids.setdefault(fold(page.title), page.pk)
        found = self._section_ids.get(fold(name)) or self._section_ids.get("news")
        if found is None:
            with override(self.locale.language_code):
                title = gettext("News")
            home = HomePage.objects.get(pk=self.home.pk)
            page = home.add_child(
                instance=SectionPage(title=title, slug="news", locale=self.locale)
            )
            found = self._section_ids["news"] = page.pk
            self._added.append(page)
        return SectionPage.objects.get(pk=found)

    def _known(self, model: type[Model]) -> dict[str, Model]:
        if model not in self._rows:
            rows = model._default_manager.filter(locale=self.locale).select_related("locale")
            self._rows[model] = {fold(row.name): row for row in rows.order_by("-pk")}
        return self._rows[model]

    def _add(self, model: type[Model], name: str) -> Model:
        name = name[:_LONGEST_NAME].strip()
        row = model(
            name=name,
            slug=self._free_slug(model, name),
            locale=self.locale,
            translation_key=self._translation_key(model, name),
        )
        row.save()
        self._known(model)[fold(name)] = row
        self._added.append(row)
        return row

    def _free_slug(self, model: type[Model], name: str) -> str:
        base = slugify(name, allow_unicode=True)[:100].strip("-") or "name"
        if base in RESERVED_SLUGS:
            base = f"{base}-1"
        rows = model._default_manager.filter(locale=self.locale, slug__startswith=base)
        taken = set(rows.values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (base, *numbered) if slug not in taken)

    def _translation_key(self, model: type[Model], name: str) -> uuid.UUID:
        """That of the same name in another edition, when it has none in this one yet."""
        others = model._default_manager.exclude(locale=self.locale).filter(name=name)
        for key in others.values_list("translation_key", flat=True):
            if not model._default_manager.filter(translation_key=key, locale=self.locale).exists():
                return key
        return uuid.uuid4()


def _spellings(name: str) -> list[str]:
    """Folded, with and without the article: "The Example desk" is "Example desk"."""
    folded = fold(name)
    bare = folded.removeprefix("the ")
    return [folded, bare, f"the {bare}"]
