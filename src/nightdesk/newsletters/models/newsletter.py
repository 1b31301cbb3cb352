"""A newsletter: what readers see of it, in whose name it comes, and its own words for signing up."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import TranslatableMixin

from nightdesk.people.models import Author
from nightdesk.people.named import NamedForm
from nightdesk.press.addresses import address


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

    from_name = models.CharField(
        _("sender's name"), max_length=120, blank=True, help_text=_("Empty: the newsletter's name.")
    )
    from_address = models.EmailField(
        _("sender's address"), blank=True, help_text=_("Empty: the newsroom's.")
    )
    reply_to = models.EmailField(
        _("replies go to"), blank=True, help_text=_("Empty: to the sender's address.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        help_text=_("Such as Europe/Kyiv. Empty: the newsroom's."),
    )
    contact_words = models.TextField(
        _("who sends it"),
        max_length=500,
        blank=True,
        help_text=_(
            "The newsroom's postal address and how to reach it; at the end of every edition. In "
            "many countries the law wants it there."
        ),
    )
    # The words beside the form, when those of the language will not do; see ``signup/words.py``.
    label_words = models.CharField(_("label of the field"), max_length=120, blank=True)
    required_words = models.CharField(_("hint that it is required"), max_length=120, blank=True)
    button_words = models.CharField(_("button"), max_length=60, blank=True)
    invalid_words = models.CharField(
        _("when the address is no address"), max_length=200, blank=True
    )
    accepted_title = models.CharField(_("title when it was accepted"), max_length=120, blank=True)
    accepted_words = models.TextField(_("text when it was accepted"), max_length=500, blank=True)
    welcome_words = models.TextField(
        _("text of the welcome mail"),
        max_length=2000,
        blank=True,
        help_text=_("Sent once, after the address was confirmed. Empty: a short one of ours."),
    )

    base_form_class = NamedForm
    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("schedule_text"), FieldPanel("host")]),
        FieldPanel("picture"),
        FieldRowPanel([FieldPanel("order"), FieldPanel("offered")]),
        FieldPanel("slug"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("from_name"), FieldPanel("from_address")]),
                FieldRowPanel([FieldPanel("reply_to"), FieldPanel("time_zone")]),
                FieldPanel("contact_words"),
            ],
            heading=_("Sender"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("label_words"), FieldPanel("required_words")]),
                FieldRowPanel([FieldPanel("button_words"), FieldPanel("invalid_words")]),
                FieldPanel("accepted_title"),
                FieldPanel("accepted_words"),
                FieldPanel("welcome_words"),
            ],
            heading=_("Words of the form and of the first mails"),
            classname="collapsed",
            help_text=_("Empty ones are said in the newsletter's language."),
        ),
    ]

    #: Addresses below ``/newsletters/`` that are no newsletter's.
    RESERVED = frozenset({"sign-up", "confirm", "yours", "unsubscribe", "feeds", "reports"})

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["order", "name"]
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.slug in self.RESERVED:
            raise ValidationError({"slug": _("This address is used for something else already.")})
        try:
            zoneinfo.ZoneInfo(self.time_zone or "UTC")
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            raise ValidationError(
                {"time_zone": _("There is no such time zone. Write one such as Europe/Kyiv.")}
            ) from None

    def get_absolute_url(self) -> str:
        return address("newsletter", self.language, slug=self.slug)

    @property
    def language(self) -> str:
        """The language of its form, its mails and its pages."""
        return self.locale.language_code

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @classmethod
    def offered_in(cls, language: str) -> QuerySet[Newsletter]:
        """What readers of one language's edition can subscribe to, in the editor's order."""
        return cls.objects.filter(offered=True, locale__language_code=language).select_related(
            "locale", "host__locale", "picture"
        )
