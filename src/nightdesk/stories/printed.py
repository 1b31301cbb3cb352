"""What stories, sections and topics mean to pages other than their own, and where they are public.

A list of stories is named by what the stories share: ``("stories", "en")`` an edition,
``("stories",)`` all of them, ``("section", 5)``, ``("author", 7)``, ``("desk", 2)``,
``("topic", 9)``, ``("news",)`` those that news search may have. A story stands in each at the
moment it was first published. ``("corrections", "en")`` is an edition's list of corrections; one
stands in it at its own moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from wagtail.models import Locale, Page, PageViewRestriction, Site

from nightdesk.people.models import Author, Desk
from nightdesk.people.printed import lists_of as named_lists
from nightdesk.press import keys, learn, pages
from nightdesk.press.dependencies import list_key, list_keys_at
from nightdesk.press.tree import path_of, paths_for_some, public_paths
from nightdesk.stories.corrections import Correction
from nightdesk.stories.history import changes_paths
from nightdesk.stories.indexes import fronts
from nightdesk.stories.models import (
    Kind,
    SectionPage,
    StoryByline,
    StoryPage,
    StoryRelated,
    Topic,
)
from nightdesk.stories.shown import shown_authors, shown_desks, shown_topics
from nightdesk.stories.versions import CHANGES, PublishedVersion, changed_stories


def translation(key: object) -> str:
    """What asks for the language versions of one thing. SQLite has the key without its dashes."""
    return f"translation:{str(key).replace('-', '')}"


def place_of(page: Page) -> Iterator[str]:
    """By which a page is found, whatever kind it is of."""
    yield f"slug:{page.slug}"
    yield f"path:{page.path}"
    if page.live:
        yield translation(page.translation_key)


def lists_of_story(story: StoryPage) -> Iterator[str]:
    yield from place_of(story)
    if not _is_readable(story):
        return
    at, language = story.first_published_at, story.locale.language_code
    section = story.get_parent()
    yield from list_keys_at(at, "stories")
    yield from list_keys_at(at, "stories", language)
    yield from list_keys_at(at, "section", section.pk)
    if story.kind != Kind.SPONSORED:
        yield from list_keys_at(at, "news")
    if story.updated_at:
        yield from list_keys_at(story.updated_at, "updates")
    yield f"headline:{story.headline_key}"
    for line in StoryByline.objects.filter(page=story):
        yield from _signed(line, story)
    for correction in Correction.objects.filter(page=story):
        yield from lists_of_correction(correction)
    for topic in story.topics.through.objects.filter(storypage=story).select_related("topic"):
        yield from list_keys_at(at, "topic", topic.topic_id)
        others = StoryPage.readable().filter(topics=topic.topic_id).exclude(pk=story.pk)
        if not others.order_by().exists():
            yield from shown_because(topic.topic)


def lists_of_correction(correction: Correction) -> Iterator[str]:
    story = correction.page
    if correction.at and story.alias_of_id is None and _is_readable(story):
        yield from list_keys_at(correction.at, "corrections", story.locale.language_code)


def lists_of_byline(line: StoryByline) -> Iterator[str]:
    if _is_readable(line.page):
        yield from _signed(line, line.page)


def _signed(line: StoryByline, story: StoryPage) -> Iterator[str]:
    """A story in the list of one who signs it; with their only one, they become known."""
    who = line.who
    if who is None:
        return
    name = who._meta.model_name
    yield from list_keys_at(story.first_published_at, name, who.pk)
    others = StoryPage.readable().filter(**{f"bylines__{name}": who.pk}).exclude(pk=story.pk)
    if not others.order_by().exists():
        yield from shown_because(who)
        desk = who.desk if isinstance(who, Author) else None
        if desk:
            yield list_key("desk-authors", desk.pk)
            yield from shown_because(desk)


def shown_because(thing: Author | Desk | Topic) -> Iterator[str]:
    yield list_key("shown")
    yield f"shown:{thing._meta.model_name}:{thing.pk}"
    yield translation(thing.translation_key)


def _is_readable(story: StoryPage) -> bool:
    return bool(
        story.live and story.first_published_at and not story.get_view_restrictions().exists()
    )


def lists_of_section(section: SectionPage) -> Iterator[str]:
    yield from place_of(section)
    if section.live and not section.get_view_restrictions().exists():
        yield list_key("fronts")


def keys_of_section(section: SectionPage) -> Iterator[str]:
    """Its home page lists it, in the editor's order."""
    yield list_key("sections", section.get_parent().pk)


def story_paths() -> Iterator[str]:
    """The newest first. Nothing but what addresses are made of is read."""
    stories = StoryPage.readable().prefetch_related(None).select_related(None)
    stories = stories.select_related("locale")
    narrow = stories.only("url_path", "locale__language_code", "content_type_id")
    yield from filter(None, map(path_of, narrow.iterator()))


def paths_of_story(story: StoryPage) -> set[str]:
    """Its own address, and that of what changed in it."""
    return public_paths(story) | changes_paths(story)


def changes_of_stories() -> Iterator[str]:
    stories = StoryPage.readable().prefetch_related(None).select_related(None)
    changed = stories.filter(pk__in=changed_stories(), alias_of__isnull=True)
    changed = changed.select_related("locale")
    narrow = changed.only("url_path", "locale__language_code", "content_type_id")
    for path in filter(None, map(path_of, narrow.iterator())):
        yield f"{path}{CHANGES}"


def section_paths() -> Iterator[str]:
    sections = fronts(SectionPage.objects.live().public(), 3).select_related("locale")
    yield from filter(None, map(path_of, sections.order_by("path")))


def restricted_paths() -> Iterator[str]:
    """Pages that only some may read. Nothing is stored there, but whoever asks is to be asked who
    they are, instead of being told that nothing is there."""
    for restriction in PageViewRestriction.objects.select_related("page"):
        below = Page.objects.live().descendant_of(restriction.page, inclusive=True)
        aliases = Page.objects.live().filter(alias_of=restriction.page_id)
        for pages_ in (below, aliases):
            yield from filter(None, map(path_of, pages_.select_related("locale").iterator()))


def paths_of_shown(things: Callable[[], QuerySet]) -> pages.Paths:
    """``paths_of_shown(shown_authors)`` → the registered stream of their paths."""

    def paths() -> Iterator[str]:
        for thing in things().select_related("locale").order_by("pk").iterator():
            yield thing.get_absolute_url()

    return paths


def learn_of_changes() -> None:
    keys.coarse(Site, "site")
    keys.coarse(Locale, "site")
    keys.coarse(PageViewRestriction, "restrictions")
    keys.asked_by(Page, "slug", lambda slug: f"slug:{slug}")
    keys.asked_by(Page, "path", lambda path: f"path:{path}")
    keys.asked_by(Page, "translation_key", translation)
    keys.asked_by(StoryPage, "headline_key", lambda words: f"headline:{words}")
    keys.describe(
        StoryPage,
        bookkeeping={"update_matters", "source_key", "embargo_until"},
        inside=StoryPage.INSIDE,
        place={"updated_at"},
    )
    keys.part_of(StoryByline, "page", on_card=True)
    keys.part_of(StoryRelated, "page")
    keys.describe(Correction, bookkeeping={"published_at"})
    keys.part_of(Correction, "page")
    keys.part_of(PublishedVersion, "story")
    keys.part_of(StoryPage.topics.through, "storypage")
    learn.register(StoryPage, lists=lists_of_story, paths=paths_of_story, for_some=paths_for_some)
    learn.register(
        SectionPage,
        keys=keys_of_section,
        lists=lists_of_section,
        paths=public_paths,
        for_some=paths_for_some,
    )
    learn.register(StoryByline, lists=lists_of_byline)
    learn.register(Correction, lists=lists_of_correction)
    learn.register(Topic, lists=named_lists)
    pages.register("section", section_paths)
    pages.register("story", story_paths)
    pages.register("restricted", restricted_paths)
    pages.register("story changes", changes_of_stories)
    pages.register("author", paths_of_shown(shown_authors))
    pages.register("desk", paths_of_shown(shown_desks))
    pages.register("topic", paths_of_shown(shown_topics))
    pages.live.register("/admin/", None)
    pages.live.register("/staff/", None)
    pages.live.register("/static/", ())
    pages.live.register("/media/", ())
    for code, _name in settings.LANGUAGES:
        # Where a reader of a restricted page signs in, or says its password.
        edition = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        pages.live.register(f"{edition}/_util/", None)
