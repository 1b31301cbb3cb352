"""Fronts: the home page, and the Editors' Picks that go with every story."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel
from wagtail.models import Orderable, Page, TranslatableMixin

from nightdesk.fronts.breaking.models import Banner  # noqa: F401 - a model of this room
from nightdesk.fronts.forms import HomeForm, PicksForm
from nightdesk.fronts.permissions import FrontPermissions
from nightdesk.people.models import User
from nightdesk.press.dependencies import collection, good_until
from nightdesk.stories.aliases import GoesOutWithItsAliases
from nightdesk.stories.indexes import fronts
from nightdesk.stories.lists import newest
from nightdesk.stories.models import SectionPage, StoryPage
from nightdesk.stories.reader import READING

#: One lead and two seconds beside it.
TOP_SLOTS = 3
PICK_SLOTS = 5
SECTION_SLOTS = 4


@dataclass(frozen=True)
class SectionBand:
    """A section as the home page shows it: one lead and a few headlines."""

    section: SectionPage
    stories: list[StoryPage]


class HomePage(GoesOutWithItsAliases, Page):
    """One language's front page. Every section of that edition lives below it."""

    content_panels = [
        *Page.content_panels,
        InlinePanel(
            "top_stories",
            heading=_("Top of the page"),
            label=_("story"),
            help_text=_(
                "The first leads, the next two stand beside it. Empty places take the newest."
            ),
            max_num=TOP_SLOTS,
        ),
    ]
    base_form_class = HomeForm
    allowed_http_methods = READING
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["stories.SectionPage"]
    template = "fronts/home.html"

    class Meta:
        verbose_name = _("home page")

    def permissions_for_user(self, user: User) -> FrontPermissions:
        return FrontPermissions(user, self)

    def sections(self) -> list[SectionPage]:
        """Its sections in the editor's order."""
        with collection("sections", self.pk):
            inside = fronts(SectionPage.objects.child_of(self), self.depth + 1)
            found = inside.live().public().select_related("locale")
            return list(found.order_by("path"))

    def layout(self) -> dict[str, object]:
        """What stands where, no story twice: top, picks, one band a section."""
        stories = StoryPage.readable_in(self.locale.language_code)
        chosen = [slot.story_id for slot in self.top_stories.all()]
        top = in_order(stories, chosen)[:TOP_SLOTS]
        edition = ("stories", self.locale.language_code)
        top += fill(stories, top, TOP_SLOTS - len(top), edition)
        shown = list(top)
        picks = EditorsPicks.shown(self.locale.language_code, without=shown)
        shown += picks
        bands = []
        for section in self.sections():
            inside = ("section", section.pk)
            stories = StoryPage.readable_in(self.locale.language_code, section)
            band = fill(stories, shown, SECTION_SLOTS, inside)
            if band:
                bands.append(SectionBand(section, band))
                shown += band
        return {"lead": top[0] if top else None, "seconds": top[1:], "picks": picks, "bands": bands}

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        return {**super().get_context(request, *args, **kwargs), **self.layout()}


class TopStory(Orderable):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="top_stories")
    story = models.ForeignKey(
        StoryPage, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [FieldPanel("story")]


class EditorsPicks(TranslatableMixin, ClusterableModel):
    """One language's Editors' Picks: ordered slots, each with an optional start and end."""

    base_form_class = PicksForm
    panels = [
        HelpPanel(
            content=_(
                "The first five that are due are shown; empty places take the newest stories."
            )
        ),
        InlinePanel("picks", heading=_("Picks"), label=_("pick")),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("Editors' Picks")
        verbose_name_plural = _("Editors' Picks")

    def __str__(self) -> str:
        return f"{_('Editors’ Picks')} ({self.locale})"

    @classmethod
    def shown(
        cls, language: str, without: list[StoryPage] | None = None, slots: int = PICK_SLOTS
    ) -> list[StoryPage]:
        """The stories in the slots now, filled up with the newest when short."""
        now = timezone.now()
        with collection("picks", language):
            on_the_board = list(
                Pick.objects.filter(board__locale__language_code=language)
                .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
                .order_by("sort_order", "pk")
            )
        due = []
        for pick in on_the_board:
            if pick.starts_at is None or pick.starts_at <= now:
                due.append(pick.story_id)
                good_until(pick.ends_at)
            else:
                good_until(pick.starts_at)
        stories = StoryPage.readable_in(language)
        used = {story.pk for story in without or []}
        picks = [story for story in in_order(stories, due) if story.pk not in used][:slots]
        edition = ("stories", language)
        return picks + fill(stories, [*(without or []), *picks], slots - len(picks), edition)


class Pick(Orderable):
    board = ParentalKey(EditorsPicks, on_delete=models.CASCADE, related_name="picks")
    story = models.ForeignKey(
        StoryPage, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    panels = [
        FieldPanel("story"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
    ]

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must come after the start.")})


def in_order(stories: QuerySet[StoryPage], ids: list[int]) -> list[StoryPage]:
    """Those of ``stories`` with these ids, in the order of the ids, each once."""
    found = {story.pk: story for story in stories.filter(pk__in=ids)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def fill(
    stories: QuerySet[StoryPage], used: list[StoryPage], count: int, name: tuple[object, ...]
) -> list[StoryPage]:
    """The ``count`` newest of ``stories`` that are not used yet; ``name`` is that list's."""
    return newest(stories.exclude(pk__in=[story.pk for story in used]), count, *name)
