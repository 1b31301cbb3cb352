"""One name under a coverage or an update: an author or a desk, as under a story."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from nightdesk.people.models import Author, Desk


class SignedBy(Orderable):
    """``related_name`` on author and desk is ``coverage_coverage_bylines`` and its like."""

    author = models.ForeignKey(
        Author,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="%(class)ss",
    )
    desk = models.ForeignKey(
        Desk,
        verbose_name=_("or desk"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="%(class)ss",
    )

    panels = [FieldRowPanel([FieldPanel("author"), FieldPanel("desk")])]

    class Meta(Orderable.Meta):
        abstract = True
        verbose_name = _("byline")

    @property
    def who(self) -> Author | Desk | None:
        return self.author or self.desk

    def clean(self) -> None:
        super().clean()
        if bool(self.author_id) == bool(self.desk_id):
            raise ValidationError({"author": _("Choose one: an author or a desk.")})


class Signed:
    """Mixin of what has ``bylines``."""

    @property
    def signed_by(self) -> list[Author | Desk]:
        """Who signs it, in order."""
        return [line.who for line in self.bylines.all() if line.who]
