"""Where a name can stand in stories: who signs them, what they say now, said before and will say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nightdesk.kernel.text import fold
from nightdesk.people.models import Author
from nightdesk.people.protecting.bylines import sign_in_draft
from nightdesk.people.protecting.registry import Desks, Drafts, Signing, Words, register
from nightdesk.press import outbox
from nightdesk.press.dependencies import list_key, list_keys_at
from nightdesk.press.keys import card_key, row_key
from nightdesk.press.tree import path_of
from nightdesk.stories import body
from nightdesk.stories.corrections import Correction
from nightdesk.stories.history import telling
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, Topic
from nightdesk.stories.printed import shown_because
from nightdesk.stories.versions import PublishedVersion

#: What every page says of itself.
OF_A_PAGE = ("title", "draft_title", "seo_title", "search_description")

#: Bylines written, and stories told of, at once.
_AT_ONCE = 200


def _counted(ids: Iterable[int]) -> int:
    lines = StoryByline.objects.filter(author__in=list(ids))
    return lines.order_by().values("page").distinct().count()


def _sign(desks: Desks) -> list[StoryPage]:
    """The desk signs where the author did, once."""
    lines = list(StoryByline.objects.filter(author__in=desks).order_by("page", "sort_order", "pk"))
    ids = {line.page_id for line in lines}
    signed = set(
        StoryByline.objects.filter(desk__isnull=False, author=None)
        .order_by()
        .values_list("page", "desk")
    )
    double, wanted = [], defaultdict(list)
    for line in lines:
        desk = desks[line.author_id]
        if (line.page_id, desk.pk) in signed:
            double.append(line.pk)
        else:
            signed.add((line.page_id, desk.pk))
            wanted[desk.pk].append(line.pk)
    stories = list(StoryPage.objects.filter(pk__in=ids).select_related("locale").order_by("pk"))
    _tell(stories, desks)
    for some in _parted(double):
        rows = StoryByline.objects.filter(pk__in=some)
        rows._raw_delete(rows.db)
    for desk_id, those in wanted.items():
        for some in _parted(those):
            StoryByline.objects.filter(pk__in=some).update(author=None, desk=desk_id)
    return stories


def _tell(stories: list[StoryPage], desks: Desks) -> None:
    """The press learns what `changing` would tell it, without asking the database ten things of
    each story."""
    authors = Author.objects.filter(pk__in=desks)
    every = [*authors, *desks.values()]
    shown = {key for who in every for key in shown_because(who)}
    shown |= {list_key("desk-authors", author.desk_id) for author in authors if author.desk_id}
    outbox.note({f"table:{StoryByline._meta.db_table}", *shown})
    for some in _parted(stories):
        keys, urgent = set(), []
        for story in some:
            keys |= {row_key(StoryPage, story.pk), card_key(story.pk)}
            if story.live and story.first_published_at:
                urgent.append(path_of(story))
                for who in every:
                    kind = who._meta.model_name
                    keys |= set(list_keys_at(story.first_published_at, kind, who.pk))
        keys |= {key.partition("@")[0] for key in keys if "@" in key}
        outbox.note(keys, (), filter(None, urgent))


def _parted(things: list) -> Iterator[list]:
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]


def _follow(story: StoryPage) -> dict[str, Any]:
    return {"headline_key": fold(story.title)[:255], "words": body.words(story.body)}


def _write_version(version: PublishedVersion, changes: dict[str, Any]) -> None:
    version.say(version.headline, version.standfirst, version.body)
    rows = PublishedVersion.objects.filter(pk=version.pk)
    with telling(version.story):
        rows.update(**changes | {"headline": version.headline, "digest": version.digest})


def _edit_page(page: SectionPage | StoryPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _edit_its_story(row: Correction | PublishedVersion) -> str:
    story = row.page_id if isinstance(row, Correction) else row.story_id
    return reverse("wagtailadmin_pages:edit", args=[story])


def register_words() -> None:
    register(
        Words(
            StoryPage,
            _("stories"),
            (*OF_A_PAGE, "kicker", "standfirst", "dateline", "lead_caption", "body"),
            slug="slug",
            follow=_follow,
            where=_edit_page,
            path=path_of,
        ),
        Words(
            SectionPage,
            _("sections"),
            (*OF_A_PAGE, "intro"),
            slug="slug",
            where=_edit_page,
            path=path_of,
        ),
        Words(
            Topic,
            _("topics"),
            ("name", "description"),
            slug="slug",
            path=Topic.get_absolute_url,
            where=lambda row: reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
        ),
        Words(
            Correction,
            _("corrections"),
            ("words",),
            language="page__locale_id",
            where=_edit_its_story,
        ),
        Words(
            PublishedVersion,
            _("earlier versions of stories"),
            ("headline", "standfirst", "body"),
            language="story__locale_id",
            write=_write_version,
            where=_edit_its_story,
        ),
        Signing(_("stories that they sign"), _counted, _sign),
        Drafts(StoryPage, sign_in_draft),
    )
