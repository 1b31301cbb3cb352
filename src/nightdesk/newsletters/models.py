"""Newsletters as readers see them. Sign-up and sending come with their own part."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import TranslatableMixin

from nightdesk.people.models import Author
from nightdesk.people.named import NamedForm


class Newsletter(TranslatableMixin, models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, allow_unicode=True)
    description = models.TextField(_("description"), max_length=500)
    schedule_text = models.CharField(
        _("when it comes"), max_length=120, help_text=_("“Every weekday at 7 a.m.”")
    )
    host = models.ForeignKey(
        Author,
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="newsletters",
    )
    picture = models.ForeignKey(
        "media.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    offered = models.BooleanField(
        _("offered to readers"), default=True, help_text=_("Listed on the newsletters page.")
    )

    base_form_class = NamedForm
    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("schedule_text"), FieldPanel("host")]),
        FieldPanel("picture"),
        FieldRowPanel([FieldPanel("order"), FieldPanel("offered")]),
        FieldPanel("slug"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["order", "name"]
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def offered_in(cls, language: str) -> QuerySet[Newsletter]:
        """What readers of one language's edition can subscribe to, in the editor's order."""
        return cls.objects.filter(offered=True, locale__language_code=language).select_related(
            "host__locale", "picture"
        )
