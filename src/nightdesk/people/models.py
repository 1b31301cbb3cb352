"""People: accounts that sign in, and the authors and desks that readers see.

An account is not an author. Accounts never appear in anything public; authors and desks are
bylines, and one can be replaced or removed without touching who may sign in.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail.search import index

from nightdesk.people.named import NamedForm
from nightdesk.people.protecting.names import GoneAddress, ProtectedName
from nightdesk.press.addresses import address

__all__ = ["Author", "Byline", "Desk", "GoneAddress", "ProtectedName", "User"]


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
    signed_out = models.PositiveIntegerField(
        _("times signed out everywhere"), default=0, editable=False
    )

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions hold with the password they were made under, as everywhere in Django, and until
        the account is next signed out everywhere: also those that no list of ours has seen."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = f"{self.password}#{self.signed_out}" if self.signed_out else self.password
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class StaffSession(models.Model):
    """One browser in which somebody is signed in. It goes with the session, address and all."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    since = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True, blank=True)
    browser = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-last_seen"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.user}, {self.browser}"


class SecurityNotice(models.Model):
    """Something happened to an account that its owner must hear of, until they say they have."""

    class Kind(models.TextChoices):
        PASSWORD = "password", _("Your password was changed.")
        FACTOR_ADDED = "added", _("A new way to prove that it is you was added: %(detail)s.")
        FACTOR_REMOVED = "removed", _("A way to prove that it is you was removed: %(detail)s.")
        CODES = "codes", _("New recovery codes were made. The old ones no longer work.")
        RECOVERY_USED = "recovery", _("A recovery code was used to sign in.")
        WRONG_CODES = (
            "wrong",
            _("Somebody gave your password and then a wrong code. If it was not you, change it."),
        )
        RESET = "reset", _("Your account was reset on the server: %(detail)s.")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    seen = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return self.get_kind_display() % {"detail": self.detail}
