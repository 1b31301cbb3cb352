"""The News Feed: timed briefs, each with an address of its own."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index

from nightdesk.press.addresses import address
from nightdesk.stories.models import StoryPage, Topic


def _full_story() -> Prefetch:
    """One query for the stories of a whole list of briefs, less those that readers may not read."""
    return Prefetch("story", StoryPage.readable(), to_attr="story_that_readers_may_read")


class Brief(DraftStateMixin, RevisionMixin, TranslatableMixin, index.Indexed, models.Model):
    """A few sentences, at a time. Only the text is required."""

    headline = models.CharField(_("headline"), max_length=255, blank=True)
    text = models.TextField(_("text"))
    published_at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("link to the source"), blank=True)
    story = models.ForeignKey(
        "stories.StoryPage",
        verbose_name=_("full story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="briefs",
    )
    picture = models.ForeignKey(
        "media.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="briefs"
    )
    withdrawn_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        db_index=True,
        help_text="Since when readers have it no more; empty: they have it, or never had it.",
    )
    withdrawal_key = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Of the last order to withdraw it."
    )

    search_fields = [
        index.SearchField("headline", boost=2),
        index.SearchField("text"),
        index.FilterField("id"),
        index.FilterField("live"),
        index.RelatedFields("locale", [index.FilterField("language_code")]),
        index.FilterField("published_at"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("brief")
        verbose_name_plural = _("briefs")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["last_published_at"], name="brief_last_published")]

    def __str__(self) -> str:
        return self.shown_headline

    @classmethod
    def readable(cls, language: str) -> QuerySet[Brief]:
        """Published briefs of one language's edition, newest first."""
        return (
            cls.objects.filter(
                live=True, locale__language_code=language, published_at__lte=timezone.now()
            )
            .select_related("locale", "picture")
            .prefetch_related(_full_story(), "corrections")
            .order_by("-published_at", "-pk")
        )

    @classmethod
    def recent_sources(cls, count: int) -> list[str]:
        """The sources named last, each once, the latest first."""
        named = cls.objects.exclude(source="").order_by("-published_at", "-pk")
        return list(dict.fromkeys(named.values_list("source", flat=True)[:100]))[:count]

    @property
    def shown_headline(self) -> str:
        """Its headline, else its first sentence."""
        if self.headline:
            return self.headline
        first_line = self.text.strip().split("\n", 1)[0]
        sentence = first_line.split(". ", 1)[0].rstrip(".")
        return sentence if len(sentence) <= 160 else sentence[:157].rsplit(" ", 1)[0] + "…"

    @property
    def html(self) -> str:
        """Its text as paragraphs, escaped."""
        return linebreaks(self.text.strip(), autoescape=True)

    @property
    def full_story(self):  # noqa: ANN201
        """The story it leads to, when readers may read that."""
        if not hasattr(self, "story_that_readers_may_read"):
            prefetch_related_objects([self], _full_story())
        return self.story_that_readers_may_read

    def get_absolute_url(self) -> str:
        return address("brief", self.locale.language_code, pk=self.pk)

    @property
    def is_withdrawn(self) -> bool:
        """Whether readers had it and have it no more."""
        return not self.live and self.withdrawn_at is not None

    @property
    def updated_at(self) -> datetime.datetime:
        """Its time, or that of its last correction: since when readers are told that it says what
        it says."""
        return max([self.published_at, *(correction.at for correction in self.corrections.all())])

    @property
    def changed_at(self) -> datetime.datetime:
        """When readers last got it, or anything new in it, told or not."""
        return max(filter(None, [self.updated_at, self.last_published_at]))

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

    def with_content_json(self, content: dict) -> Brief:
        """A version says nothing of when the brief itself was withdrawn."""
        brief = super().with_content_json(content)
        brief.withdrawn_at, brief.withdrawal_key = self.withdrawn_at, self.withdrawal_key
        return brief


class BriefCorrection(models.Model):
    """What was wrong in a brief that readers had. ``key`` names the correction wherever it was
    written: sent twice, it is one."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="corrections")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    words = models.TextField(_("words"), max_length=1000)
    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words


class DeletedBrief(models.Model):
    """A brief that readers had and whose row is no more: its id and nothing else of it, so that
    open pages let go of it and its address says that it was withdrawn."""

    number = models.BigIntegerField(primary_key=True)
    language = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.get_absolute_url()

    def get_absolute_url(self) -> str:
        return address("brief", self.language, pk=self.pk)
