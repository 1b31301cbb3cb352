"""What a story said each time it was published, so that readers can see what changed.

Only words that readers had are kept, as plain text: no names of who signed, no pictures. An
editor hides a version that named somebody by mistake; taking a story down, or letting only some
people read it, hides all there were until then (`nightdesk.stories.history`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from nightdesk.stories.difference import Paragraph, difference, words_changed

if TYPE_CHECKING:
    from nightdesk.stories.models import StoryPage

#: The page of changes shows the newest so many.
SHOWN = 30

#: What follows a story's address.
CHANGES = "changes/"


class PublishedVersion(models.Model):
    """``body``: its paragraphs, one a line. ``digest`` is equal for equal words."""

    story = models.ForeignKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="versions", editable=False
    )
    number = models.PositiveIntegerField(editable=False)
    at = models.DateTimeField(editable=False, help_text="From when on readers had it.")
    headline = models.CharField(max_length=255, editable=False)
    standfirst = models.TextField(blank=True, editable=False)
    body = models.TextField(blank=True, editable=False)
    digest = models.CharField(max_length=32, editable=False)
    hidden = models.BooleanField(_("Hide from “What changed”"), default=False)

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        ordering = ["story", "number"]
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.headline} ({self.number})"

    @property
    def paragraphs(self) -> list[str]:
        return self.body.splitlines()

    def says_the_same_as(self, other: PublishedVersion) -> bool:
        """By the words themselves: those of a planted demo got their dates after their digest."""
        mine, theirs = (
            (version.headline, version.standfirst, version.body) for version in (self, other)
        )
        return mine == theirs

    def say(self, headline: str, standfirst: str, body: str) -> None:
        """Take these words; it is not saved."""
        self.headline, self.standfirst, self.body = headline[:255], standfirst, body
        whole = "\0".join((self.headline, standfirst, body)).encode()
        self.digest = hashlib.sha256(whole).hexdigest()[:32]


def shown_versions(story: StoryPage) -> list[PublishedVersion]:
    """Those that readers may compare, the oldest first: none that says what its predecessor did.
    Fewer than two: nothing changed that readers may see."""
    shown = PublishedVersion.objects.filter(story=story.pk, hidden=False).order_by("number")
    parted = [next(same) for _digest, same in groupby(shown, key=lambda version: version.digest)]
    return parted[-SHOWN:]


def has_changed(story: StoryPage) -> bool:
    """Whether `shown_versions` has something to compare. It reads no text."""
    shown = PublishedVersion.objects.filter(story=story.pk, hidden=False).order_by("number")
    return len(set(shown.values_list("digest", flat=True))) > 1


def changed_stories() -> models.QuerySet:
    """Ids of all stories that have changed so, readable or not."""
    shown = PublishedVersion.objects.filter(hidden=False).order_by().values("story")
    several = shown.annotate(said=models.Count("digest", distinct=True)).filter(said__gt=1)
    return several.values("story")


@dataclass(frozen=True)
class Change:
    """From one version to the next: the words that differ. What stayed as it was is empty."""

    old: PublishedVersion
    new: PublishedVersion
    headline: Paragraph
    standfirst: Paragraph
    body: list[Paragraph]


def changes_between(versions: list[PublishedVersion]) -> list[Change]:
    """Between each two neighbours of ``versions``, the newest change first."""
    return [_change(old, new) for old, new in reversed(list(pairwise(versions)))]


def _change(old: PublishedVersion, new: PublishedVersion) -> Change:
    lines = (
        words_changed(before, after) if before != after else []
        for before, after in ((old.headline, new.headline), (old.standfirst, new.standfirst))
    )
    return Change(old, new, *lines, difference(old.paragraphs, new.paragraphs))
