"""One update of a coverage, and what was set right in it since."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, RevisionMixin
from wagtail.search import index

from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.coverage.models.bylines import SignedBy
from nightdesk.coverage.models.coverage import Coverage
from nightdesk.people.models import Author, Desk
from nightdesk.people.signing import Signed
from nightdesk.press.addresses import address
from nightdesk.stories.models import StoryPage


def _related_story(path: str = "story") -> Prefetch:
    """One query for the stories of a whole list, less those that readers may not read."""
    return Prefetch(path, StoryPage.readable(), to_attr="story_that_readers_may_read")


class Entry(DraftStateMixin, RevisionMixin, Signed, index.Indexed, ClusterableModel):
    """A few sentences, at a time, in a coverage. Only the text is required.

    ``brief``: it is a brief of the News Feed that was taken in, and says what that says; its own
    words stay empty, and its address is the brief's. ``key`` names this one update from the moment
    somebody began to write it, so that what is sent twice is there once.

    ``pinned``, ``is_key`` and ``withdrawn_at`` belong to the update and not to a version of it:
    `nightdesk.coverage.actions` sets them on the row, and no version takes them back.
    """

    coverage = models.ForeignKey(
        Coverage, verbose_name=_("coverage"), on_delete=models.CASCADE, related_name="entries"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    headline = models.CharField(_("headline"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    published_at = models.DateTimeField(_("time"), default=timezone.now)
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("link to the source"), blank=True)
    story = models.ForeignKey(
        StoryPage,
        verbose_name=_("related story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture = models.ForeignKey(
        "media.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    brief = models.ForeignKey(
        Brief,
        verbose_name=_("brief"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    pinned = models.BooleanField(_("pinned"), default=False, editable=False)
    is_key = models.BooleanField(_("key moment"), default=False, editable=False)
    withdrawn_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when readers who had it have it no more; empty: they have it, or never had.",
    )
    withdrawal_key = models.UUIDField(null=True, blank=True, editable=False)

    #: Kept by `nightdesk.coverage.searching`. Of a brief that was taken in there are no words here:
    #: the search has it as a brief.
    search_auto_update = False
    search_fields = [
        index.SearchField("headline", boost=2),
        index.SearchField("text"),
        index.FilterField("id"),
        index.FilterField("live"),
        index.FilterField("published_at"),
        index.RelatedFields(
            "coverage",
            [
                index.FilterField("live"),
                index.FilterField("started_at"),
                index.RelatedFields("locale", [index.FilterField("language_code")]),
            ],
        ),
    ]

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["coverage", "-published_at", "-id"], name="coverage_entry_newest")
        ]
        constraints = [
            models.UniqueConstraint(fields=["coverage", "brief"], name="coverage_entry_brief_once")
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Entry]:
        """What readers may find; the desk's lists are searched without the index."""
        return super().get_indexed_objects().filter(live=True, brief=None)

    @classmethod
    def public(cls) -> QuerySet[Entry]:
        """Updates that readers have now, of whatever coverage, newest first."""
        now = timezone.now()
        brief = Q(brief__isnull=True) | Q(brief__live=True, brief__published_at__lte=now)
        return cls.objects.filter(
            brief, live=True, published_at__lte=now, coverage__live=True
        ).order_by("-published_at", "-pk")

    @classmethod
    def readable(cls, coverage: Coverage) -> QuerySet[Entry]:
        """Those of one coverage, ready to be listed."""
        return (
            cls.public()
            .filter(coverage=coverage)
            .select_related("picture", "brief__locale", "brief__picture", "coverage__locale")
            .prefetch_related(
                _related_story(),
                _related_story("brief__story"),
                "bylines__author__locale",
                "bylines__desk__locale",
                "corrections",
                "brief__corrections",
            )
        )

    # Whichever way it is withdrawn (the desk's own, Wagtail's menu, a takedown, its expiry) and
    # published again, these two say since when.

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        if self.live:
            self.withdrawn_at = timezone.now()
        return super().unpublish(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.live:
            self.withdrawn_at = None
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict) -> Entry:
        """A version takes back nothing that was decided about the update as a whole."""
        found = super().with_content_json(content)
        for name in ("key", "pinned", "is_key", "withdrawn_at", "withdrawal_key", "coverage_id"):
            setattr(found, name, getattr(self, name))
        return found

    def clean(self) -> None:
        super().clean()
        if not self.text.strip() and not self.brief_id:
            raise ValidationError({"text": _("Write at least a sentence.")})

    @property
    def is_withdrawn(self) -> bool:
        """Whether readers had it and have it no more."""
        return not self.live and self.withdrawn_at is not None

    @property
    def item_id(self) -> str:
        """Its name in a live document, and where it stands on its coverage's page."""
        return f"e{self.pk}"

    @property
    def said(self) -> Entry | Brief:
        """Whose words, picture and source readers see: its own, or those of the brief."""
        return self.brief or self

    @property
    def shown_text(self) -> str:
        return self.said.text

    @property
    def shown_headline(self) -> str:
        """Its own headline; an update may have none."""
        return self.said.headline

    @property
    def title(self) -> str:
        """What it is called where it must be called something: its headline, else its first
        sentence."""
        if self.brief:
            return self.brief.shown_headline
        return self.headline or first_sentence(self.text)

    @property
    def html(self) -> str:
        """Its text as paragraphs, escaped."""
        return linebreaks(self.shown_text.strip(), autoescape=True)

    @property
    def related_story(self) -> StoryPage | None:
        """The story it leads to, when readers may read that."""
        if self.brief:
            return self.brief.full_story
        if not hasattr(self, "story_that_readers_may_read"):
            prefetch_related_objects([self], _related_story())
        return self.story_that_readers_may_read

    @cached_property
    def corrections_in_order(self) -> list[EntryCorrection | BriefCorrection]:
        """The oldest first."""
        return sorted(self.said.corrections.all(), key=lambda row: (row.at, row.pk))

    @property
    def changed_at(self) -> datetime.datetime:
        """When readers last got it, or something new in it."""
        corrected = [row.at for row in self.corrections_in_order]
        return max(filter(None, [self.published_at, self.said.last_published_at, *corrected]))

    @property
    def own_url(self) -> str:
        return address(
            "coverage_entry",
            self.coverage.locale.language_code,
            slug=self.coverage.slug,
            pk=self.pk,
        )

    def get_absolute_url(self) -> str:
        return self.brief.get_absolute_url() if self.brief else self.own_url


def first_sentence(text: str) -> str:
    """Cut where a line of a list would be too long."""
    first_line = text.strip().split("\n", 1)[0]
    sentence = first_line.split(". ", 1)[0].rstrip(".")
    return sentence if len(sentence) <= 160 else sentence[:157].rsplit(" ", 1)[0] + "…"


class EntryByline(SignedBy):
    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="bylines")

    @classmethod
    def of(cls, who: Author | Desk, place: int) -> EntryByline:
        return cls(**{who._meta.model_name: who}, sort_order=place)


class EntryCorrection(models.Model):
    """What readers were told about a mistake in an update. Not a part of its versions: what was
    said to readers stays said. ``key`` is made where it is written: sent twice, it is there once.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="corrections")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("time"), default=timezone.now)
    words = models.TextField(_("words"), max_length=1000)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words
