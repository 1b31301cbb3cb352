"""People: accounts that sign in, and the authors and desks that readers see.

An account is not an author. Accounts never appear in anything public; authors and desks are
bylines, and one can be replaced or removed without touching who may sign in.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail.search import index

from nightdesk.people.named import NamedForm
from nightdesk.press.addresses import address


class Byline(TranslatableMixin, index.Indexed, models.Model):
    """What authors and desks have in common: a name that readers see, and a page of its own."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        allow_unicode=True,
        help_text=_("The last part of the page's address. Keep it once readers know it."),
    )

    address_name: str
    base_form_class = NamedForm

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address(self.address_name, self.locale.language_code, slug=self.slug)


class Desk(Byline):
    """A group that signs as one, such as "The Example news desk"."""

    description = models.TextField(_("what it covers"), blank=True)

    address_name = "desk"
    panels = [FieldPanel("name"), FieldPanel("description"), FieldPanel("slug")]

    class Meta(Byline.Meta):
        abstract = False
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        unique_together = [("translation_key", "locale"), ("slug", "locale")]


class Author(Byline):
    """One person who signs stories."""

    role = models.CharField(_("role"), max_length=120, blank=True)
    bio = RichTextField(_("about"), blank=True, features=["bold", "italic", "link"])
    portrait = models.ForeignKey(
        "media.Picture",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    desk = models.ForeignKey(
        Desk,
        verbose_name=_("desk"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="authors",
    )

    address_name = "author"
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("role"), FieldPanel("desk")]),
        FieldPanel("portrait"),
        FieldPanel("bio"),
        MultiFieldPanel([FieldPanel("slug")], heading=_("Address"), classname="collapsed"),
    ]

    class Meta(Byline.Meta):
        abstract = False
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        unique_together = [("translation_key", "locale"), ("slug", "locale")]


class User(AbstractUser):
    """An account of the newsroom's staff."""

    author = models.ForeignKey(
        Author,
        verbose_name=_("signs stories as"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="accounts",
        help_text=_("New stories start with this byline."),
    )
