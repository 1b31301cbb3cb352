"""Digests: editions that are made by a rule, and what became of each time they were due."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.newsletters import said
from nightdesk.newsletters.models.editions import Edition
from nightdesk.newsletters.models.newsletter import Newsletter


class DigestRule(models.Model):
    """When a digest of a newsletter is due, and what stands in it. ``at`` is on the newsletter's
    clock. Without a section and a topic everything counts."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="rules")
    subject = models.CharField(
        _("subject"),
        max_length=150,
        blank=True,
        help_text=_("Empty: the headline of its first story."),
    )
    monday = models.BooleanField(_("Monday"), default=True)
    tuesday = models.BooleanField(_("Tuesday"), default=True)
    wednesday = models.BooleanField(_("Wednesday"), default=True)
    thursday = models.BooleanField(_("Thursday"), default=True)
    friday = models.BooleanField(_("Friday"), default=True)
    saturday = models.BooleanField(_("Saturday"), default=False)
    sunday = models.BooleanField(_("Sunday"), default=False)
    at = models.TimeField(_("is sent at"), default=datetime.time(7, 0))
    minutes_before = models.PositiveSmallIntegerField(
        _("made so many minutes before"),
        default=60,
        help_text=_("Time to look at it, and to approve it."),
    )
    sections = models.ManyToManyField(
        "stories.SectionPage", verbose_name=_("sections"), blank=True, related_name="+"
    )
    topics = models.ManyToManyField(
        "stories.Topic", verbose_name=_("topics"), blank=True, related_name="+"
    )
    least = models.PositiveSmallIntegerField(
        _("at least"),
        default=3,
        help_text=_("With fewer stories it is skipped, and the list of digests says so."),
    )
    most = models.PositiveSmallIntegerField(_("at most"), default=10)
    briefs = models.BooleanField(
        _("with briefs"),
        default=False,
        help_text=_("The newest of the News Feed, below the stories."),
    )
    by_itself = models.BooleanField(
        _("is sent by itself"),
        default=False,
        help_text=_("Otherwise it waits until somebody has approved it."),
    )
    on = models.BooleanField(_("in force"), default=True)
    since = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="Nothing that was due before is made up for.",
    )

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["newsletter", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.newsletter}, {self.at:%H:%M}"

    @property
    def days(self) -> frozenset[int]:
        """Monday is 0."""
        chosen = (
            self.monday, self.tuesday, self.wednesday, self.thursday,
            self.friday, self.saturday, self.sunday,
        )  # fmt: skip
        return frozenset(number for number, wanted in enumerate(chosen) if wanted)

    def clean(self) -> None:
        super().clean()
        if not self.days:
            raise ValidationError(_("Choose at least one day."))
        if not 1 <= self.least <= self.most:
            raise ValidationError({"least": _("At least one, and no more than “at most”.")})
        if self.most > 50:
            raise ValidationError({"most": _("No more than 50: the mail would be cut.")})
        if self.minutes_before > 720:
            raise ValidationError({"minutes_before": _("No more than 12 hours (720).")})


class DigestRun(models.Model):
    """One time at which a digest was due. ``period`` is that time on the newsletter's clock; once
    it has a row, it is never made again. ``why_skipped`` says why nothing was made."""

    rule = models.ForeignKey(DigestRule, on_delete=models.CASCADE, related_name="runs")
    period = models.CharField(max_length=16)
    at = models.DateTimeField(default=timezone.now)
    edition = models.ForeignKey(
        Edition, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("digest that was due")
        verbose_name_plural = _("digests that were due")
        ordering = ["-period", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "period"], name="one_digest_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.period}"

    @property
    def why_skipped(self) -> str:
        """In the language of whoever reads it."""
        return said.read(self.said)
