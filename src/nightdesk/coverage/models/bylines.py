"""One name under a coverage or an update: an author or a desk, as under a story."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from nightdesk.people.models import Author, Desk
from nightdesk.people.signing import BylineOfOne


class SignedBy(BylineOfOne, Orderable):
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
