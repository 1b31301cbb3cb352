"""What a newsroom says when it changes what it told its readers: dated, typed, in public words.

A correction is a part of its story: drafted, previewed, scheduled and published with it.
"""

from __future__ import annotations

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from nightdesk.stories import panels

#: How far an editor's own clock may be ahead of the newsroom's.
_CLOCKS_DIFFER = datetime.timedelta(minutes=5)


class CorrectionKind(models.TextChoices):
    """Wrong, unclear, overtaken by events, or not to be relied on at all."""

    CORRECTION = "correction", _("Correction")
    CLARIFICATION = "clarification", _("Clarification")
    UPDATE = "update", pgettext_lazy("type of correction", "Update")
    RETRACTION = "retraction", _("Retraction")


class Place(models.TextChoices):
    BELOW = "below", _("Below the text")
    ABOVE = "above", _("Above the text")


class Correction(models.Model):
    """One of a story's corrections. ``at`` is what readers see; publishing fills it in when the
    editor left it empty. ``key`` stays the same from the first draft on."""

    panels = panels.CORRECTION
    page = ParentalKey("stories.StoryPage", on_delete=models.CASCADE, related_name="corrections")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(
        _("type"),
        max_length=20,
        choices=CorrectionKind.choices,
        default=CorrectionKind.CORRECTION,
        help_text=_("A retraction says that nobody should rely on the story any more."),
    )
    words = models.TextField(
        _("words"),
        max_length=1000,
        help_text=_("What was wrong and what is right, so that nobody has to guess."),
    )
    place = models.CharField(
        _("place"),
        max_length=10,
        choices=Place.choices,
        default=Place.BELOW,
        help_text=_("A retraction always stands above the text."),
    )
    at = models.DateTimeField(
        _("time"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Empty: the moment you publish it."),
    )
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When readers first had it; empty: they have not.",
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"

    def clean(self) -> None:
        super().clean()
        if self.at and self.at > timezone.now() + _CLOCKS_DIFFER:
            raise ValidationError(
                {
                    "at": _(
                        "This time is still to come. Leave it empty: it is then the moment at "
                        "which the story is published, by you or by its schedule."
                    )
                }
            )

    @property
    def moment(self) -> datetime.datetime:
        """Its time; in a preview of one that is not out, the time it would have now."""
        return self.at or timezone.now()

    @property
    def is_retraction(self) -> bool:
        return self.kind == CorrectionKind.RETRACTION

    @property
    def is_above(self) -> bool:
        return self.is_retraction or self.place == Place.ABOVE

    @property
    def anchor(self) -> str:
        """Where it stands on its story's page."""
        return f"correction-{self.key.hex[:8]}"


def keep_identity(page_id: int | None, rows: list[Correction]) -> None:
    """Rows of a revision are those that were published from it or before it.

    A revision does not learn the ids that its rows got when it was published, nor their times:
    without this, each publication would delete them and make new ones.
    """
    unknown = [row for row in rows if row.pk is None or row.published_at is None]
    if page_id is None or not unknown:
        return
    published = Correction.objects.filter(page=page_id, published_at__isnull=False)
    by_key = {row.key: row for row in published}
    for row in unknown:
        if known := by_key.get(row.key):
            row.pk, row.published_at = known.pk, known.published_at
            row.at = row.at or known.at
