"""Sections, topics and the story itself: data and questions."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, Orderable, Page, Revision, TranslatableMixin
from wagtail.search import index
from wagtail.url_routing import RouteResult

from nightdesk.kernel.ids import asked_id
from nightdesk.kernel.text import fold, minutes_to_read
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.named import NamedForm
from nightdesk.people.signing import BylineOfOne, Signed
from nightdesk.press.addresses import address
from nightdesk.press.public import public
from nightdesk.settings.table import reading_speed
from nightdesk.stories import body as story_body
from nightdesk.stories import embargo, panels, state
from nightdesk.stories.aliases import GoesOutWithItsAliases
from nightdesk.stories.blocks import BodyBlock
from nightdesk.stories.corrections import Correction, keep_identity
from nightdesk.stories.forms import SectionForm, StoryForm
from nightdesk.stories.indexes import below, only_in
from nightdesk.stories.paging import page_of
from nightdesk.stories.permissions import SectionPermissions, StoryPermissions
from nightdesk.stories.reader import READING
from nightdesk.stories.review import Review  # noqa: F401 - a model of this room
from nightdesk.stories.versions import changes_between, has_changed, shown_versions

#: First path segments that belong to the product, in every language's edition.
RESERVED_SLUGS = frozenset(
    [
        "admin",
        "api",
        "archive",
        "assets",
        "authors",
        "check",
        "corrections",
        "coverage",
        "desks",
        "feeds",
        "healthz",
        "live",
        "media",
        "news-feed",
        "newsletters",
        "search",
        "staff",
        "static",
        "topics",
        "before",
        "robots.txt",
        "sitemap.xml",
        "news-sitemap.xml",
    ]
)


class Topic(TranslatableMixin, index.Indexed, models.Model):
    """What stories are about, across sections."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)

    base_form_class = NamedForm
    panels = [FieldPanel("name"), FieldPanel("description"), FieldPanel("slug")]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("topic", self.locale.language_code, slug=self.slug)


class SectionPage(GoesOutWithItsAliases, Page):
    """A section of the paper and its front. Stories live below it."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    base_form_class = SectionForm
    allowed_http_methods = READING
    parent_page_types = ["fronts.HomePage"]
    subpage_types = ["stories.StoryPage"]
    template = "stories/section.html"

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def permissions_for_user(self, user: User) -> SectionPermissions:
        return SectionPermissions(user, self)

    def clean(self) -> None:
        super().clean()
        codes = {code for code, _name in settings.LANGUAGES}
        if self.slug in RESERVED_SLUGS | codes:
            raise ValidationError(
                {
                    "slug": _(
                        "“%(slug)s” is the address of another part of the site. "
                        "Choose a different one."
                    )
                    % {"slug": self.slug}
                }
            )

    def stories(self) -> QuerySet[StoryPage]:
        """Its published stories that anyone may read, newest first."""
        return below(StoryPage.readable(), self)

    def route(self, request: HttpRequest, path_components: list[str]):  # noqa: ANN201
        """``before/<id>/`` is an older page of the list; everything else is Wagtail's."""
        match path_components:
            case ["before", number] if self.live and (before := asked_id(number)) is not None:
                return RouteResult(self, kwargs={"before": before})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, before: int | None = None):  # noqa: ANN201
        page = page_of(self.stories(), ("section", self.pk), before)
        if page is None:
            raise Http404
        request.section_list = page
        request.section_before = before
        return super().serve(request)

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        page = getattr(request, "section_list", None) or page_of(
            self.stories(), ("section", self.pk)
        )
        context["stories"] = page.items
        context["before"] = getattr(request, "section_before", None)
        context["older_url"] = (
            f"{self.get_url(request)}before/{page.next_before}/" if page.next_before else None
        )
        return context


class Kind(models.TextChoices):
    """What sort of journalism this is. Readers see the label of all but news."""

    NEWS = "news", _("News")
    ANALYSIS = "analysis", _("Analysis")
    OPINION = "opinion", _("Opinion")
    INTERVIEW = "interview", _("Interview")
    EXPLAINER = "explainer", _("Explainer")
    FEATURE = "feature", _("Feature")
    INVESTIGATION = "investigation", _("Investigation")
    REVIEW = "review", _("Review")
    SPONSORED = "sponsored", _("Sponsored")


class StoryPage(Signed, GoesOutWithItsAliases, Page):
    """A story. Wagtail's ``title`` is the headline."""

    kicker = models.CharField(
        _("kicker"), max_length=60, blank=True, help_text=_("A word or two above the headline.")
    )
    standfirst = models.TextField(
        _("standfirst"), max_length=500, blank=True, help_text=_("What it is about, in a sentence.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.NEWS)
    dateline = models.CharField(
        _("dateline"), max_length=80, blank=True, help_text=_("Where it was reported from.")
    )
    lead_picture = models.ForeignKey(
        "media.Picture",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_caption = models.CharField(
        _("caption"), max_length=500, blank=True, help_text=_("Empty: the picture's own caption.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    topics = ParentalManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="stories"
    )
    updated_at = models.DateTimeField(
        _("updated"),
        null=True,
        blank=True,
        editable=False,
        help_text="When readers were last told that the story says something else now.",
    )
    update_matters = models.BooleanField(
        _("Show readers a new “Updated” time"),
        default=False,
        help_text=_("Tick when the change matters to what the story says; not for a typo."),
    )
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text="Nothing of it goes out before; see `nightdesk.stories.embargo`.",
    )
    retracted = models.BooleanField(
        default=False,
        editable=False,
        help_text="One of its corrections is a retraction: every list and card says so.",
    )
    words = models.PositiveIntegerField(default=0, editable=False)
    headline_key = models.CharField(max_length=255, editable=False, db_index=True, default="")
    source_key = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="Which outside source an import made this from.",
    )

    #: Fields that only the story's own page shows, and a feed with the full text. A change of
    #: them alone leaves lists as they are; see `nightdesk.press.keys`.
    INSIDE = (
        "body",
        "words",
        "dateline",
        "lead_caption",
        "search_description",
        "seo_title",
    )

    edit_handler = panels.form()
    base_form_class = StoryForm
    allowed_http_methods = READING
    parent_page_types = ["stories.SectionPage"]
    subpage_types: list[str] = []
    template = "stories/story.html"
    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst", boost=2),
        index.SearchField("body"),
        index.SearchField("kicker"),
        index.FilterField("first_published_at"),
        index.FilterField("alias_of_id"),
        index.RelatedFields("locale", [index.FilterField("language_code")]),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        permissions = [
            ("approve_storypage", "Can approve a story under review"),
            ("lift_embargo", "Can lift an embargo"),
        ]
        # By what lists are sorted that Wagtail's table holds, is in `nightdesk.stories.indexes`.
        indexes = [models.Index(fields=["updated_at"], name="stories_story_updated")]

    def permissions_for_user(self, user: User) -> StoryPermissions:
        return StoryPermissions(user, self)

    def __str__(self) -> str:
        return self.title

    @classmethod
    def readable(cls) -> QuerySet[StoryPage]:
        """Stories that anyone may read now, newest first, ready to be listed: what stands only on
        a story's own page is fetched when it is asked for."""
        return (
            public(cls.objects.live())
            .filter(first_published_at__isnull=False)
            .select_related("lead_picture", "locale")
            .prefetch_related("bylines__author__locale", "bylines__desk__locale")
            .defer(*cls.INSIDE)
            .order_by("-first_published_at", "-pk")
        )

    @classmethod
    def readable_in(cls, language: str, section: SectionPage | None = None) -> QuerySet[StoryPage]:
        """The same of one language's edition, or of one section of it."""
        edition = Subquery(Locale.objects.filter(language_code=language).values("pk")[:1])
        if section is None:
            return cls.readable().filter(locale__exact=edition)
        return only_in(below(cls.readable(), section), edition)

    def full_clean(self, *args: object, **kwargs: object) -> None:
        self.headline_key = fold(self.title)[:255]
        self.words = story_body.words(self.body)
        self.retracted = any(row.is_retraction for row in self.corrections.all())
        super().full_clean(*args, **kwargs)

    def serializable_data(self) -> dict:
        """A revision holds what its editor chose, not what publishing filled in."""
        data = super().serializable_data()
        data["related"] = [row for row in data["related"] if row["chosen"]]
        return data

    def with_content_json(self, content: dict) -> StoryPage:
        """A revision takes back neither the public "Updated" time nor an embargo."""
        story = super().with_content_json(content)
        story.updated_at = self.updated_at
        story.source_key = self.source_key
        story.embargo_until = self.embargo_until
        keep_identity(self.pk, list(story.corrections.all()))
        return story

    def save_revision(self, *args: object, **kwargs: object) -> Revision:
        """With a version the embargo that its editor asked for is the story's, at once."""
        revision = super().save_revision(*args, **kwargs)
        embargo.settle(self)
        return revision

    @property
    def status_string(self) -> str:
        return state.in_words(self)

    @property
    def published_at(self) -> datetime.datetime | None:
        return self.first_published_at

    @property
    def reading_minutes(self) -> int:
        speed = reading_speed(settings.READING_SPEED, self.locale.language_code)
        return minutes_to_read(self.words, speed)

    @property
    def shown_kind(self) -> str:
        """The label readers see; empty for plain news."""
        return "" if self.kind == Kind.NEWS else str(self.get_kind_display())

    @property
    def told_headline(self) -> str:
        """The headline where nothing can stand beside it: in feeds, tabs and shared links."""
        if not self.retracted:
            return self.title
        with translation.override(self.locale.language_code):
            return gettext("Retracted: %(headline)s") % {"headline": self.title}

    @property
    def shown_caption(self) -> str:
        if not self.lead_picture:
            return ""
        return self.lead_caption or self.lead_picture.caption

    @cached_property
    def section(self) -> SectionPage | None:
        parent = self.get_parent()
        return parent.specific if parent else None

    @property
    def signature(self) -> str:
        """Their names in one line."""
        return ", ".join(who.name for who in self.signed_by)

    @cached_property
    def shown_corrections(self) -> list[Correction]:
        """The newest first."""
        return sorted(self.corrections.all(), key=lambda row: row.moment, reverse=True)

    @cached_property
    def has_changed(self) -> bool:
        """Whether readers can see what changed since it was first published."""
        return self.alias_of_id is None and has_changed(self)

    @cached_property
    def parts(self) -> list[story_body.Part]:
        """The body as the page shows it; see `nightdesk.stories.body`."""
        return list(story_body.parts(self))

    def related_stories(self, limit: int = 4) -> list[StoryPage]:
        """What to read next: chosen or filled at publishing, less what readers may not see now
        and less what the body already shows."""
        in_body = {part.card.pk for part in self.parts if part.card} | {self.pk}
        wanted = [row.story_id for row in self.related.all() if row.story_id not in in_body]
        shown = {story.pk: story for story in StoryPage.readable().filter(pk__in=wanted)}
        return [shown[pk] for pk in dict.fromkeys(wanted) if pk in shown][:limit]

    def route(self, request: HttpRequest, path_components: list[str]):  # noqa: ANN201
        """``changes/`` is what changed since it was first published; the rest is Wagtail's."""
        if path_components == ["changes"] and self.live:
            return RouteResult(self, kwargs={"changes": True})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, changes: bool = False):  # noqa: ANN201
        return self._serve_changes(request) if changes else super().serve(request)

    def _serve_changes(self, request: HttpRequest) -> HttpResponse:
        versions = [] if self.alias_of_id else shown_versions(self)
        if len(versions) < 2:
            raise Http404
        context = {"changed": self, "changes": changes_between(versions)}
        response = TemplateResponse(request, "stories/changes.html", context)
        response.nightdesk_kind = "changes"
        return response

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["story"] = self
        context["parts"] = self.parts
        context["related"] = self.related_stories()
        return context


class StoryByline(BylineOfOne, Orderable):
    """One name under the headline: an author or a desk."""

    panels = panels.BYLINE
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(
        Author,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="story_bylines",
    )
    desk = models.ForeignKey(
        Desk,
        verbose_name=_("or desk"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="story_bylines",
    )

    class Meta(Orderable.Meta):
        verbose_name = _("byline")


class StoryRelated(Orderable):
    """A story to read next. Those that no editor chose were filled in at publishing."""

    panels = panels.RELATED
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="related")
    story = models.ForeignKey(
        StoryPage, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )
    chosen = models.BooleanField(default=True, editable=False)

    class Meta(Orderable.Meta):
        verbose_name = _("related story")
