"""Pictures: what a newsroom must know about one, and the finished files readers get.

A picture's files are made once, at upload, by the darkroom: a clean master without any metadata
and every size that a page may ask for. Nothing is ever made on a reader's request, and no public
name comes from the name of the uploaded file.
"""

from __future__ import annotations

from functools import cached_property

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index

from nightdesk.kernel.tokens import unguessable

#: Where the files of a picture that was taken down lie; nothing there is ever handed out.
WITHDRAWN = "withdrawn/"


def withdrawn_name(name: str) -> str:
    """``pictures/<token>-640.avif`` → its name while the picture is down."""
    return f"{WITHDRAWN}{name}"


#: Page formats, best first: the order of `<source>` elements.
FORMATS = ("avif", "webp", "jpeg")


class Picture(AbstractImage):
    """One picture. ``made`` lists its finished sizes, smallest first, as
    ``{"format": "avif", "width": 640, "height": 427, "name": "pictures/<token>-640.avif"}``.
    """

    token = models.CharField(max_length=40, unique=True, default=unguessable, editable=False)
    alt = models.CharField(
        _("what it shows"),
        max_length=300,
        help_text=_("For readers who cannot see it: one plain sentence."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(
        _("credit"), max_length=200, help_text=_("Photographer and agency, as readers see it.")
    )
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Covered until the reader asks to see it."),
    )
    palette = models.PositiveSmallIntegerField(default=0, editable=False)
    made = models.JSONField(default=list, editable=False)
    card = models.CharField(max_length=200, blank=True, editable=False)
    taken_down = models.BooleanField(_("taken down"), default=False, editable=False)
    original = models.FileField(upload_to="originals/", blank=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "alt",
        "caption",
        "credit",
        "sensitive",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("alt"),
        index.SearchField("caption"),
        index.SearchField("credit"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        if self.taken_down:
            return gettext("%(title)s (taken down)") % {"title": self.title}
        return self.title

    def get_upload_to(self, filename: str) -> str:
        """A master's place on disk; only the kind of file is taken from its name."""
        ending = filename.rpartition(".")[2].lower()
        return f"masters/{unguessable()}.{ending}"

    def save(self, *args: object, **kwargs: object) -> None:
        """The row and what the press is told of it commit together: uploads run outside the
        transaction that the admin's other forms have."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def default_alt_text(self) -> str:
        return self.alt

    def _srcset(self, format_name: str) -> str:
        return ", ".join(
            f"{default_storage.url(size['name'])} {size['width']}w"
            for size in self._shown_sizes()
            if size["format"] == format_name
        )

    def _shown_sizes(self) -> list[dict]:
        """None of a picture that was taken down."""
        return [] if self.taken_down else self.made

    @cached_property
    def avif_srcset(self) -> str:
        return self._srcset("avif")

    @cached_property
    def webp_srcset(self) -> str:
        return self._srcset("webp")

    @cached_property
    def jpeg_srcset(self) -> str:
        return self._srcset("jpeg")

    @cached_property
    def src(self) -> str:
        """The address for readers whose browser knows no srcset: the JPEG nearest to 960 wide.
        Empty when there is nothing to show."""
        jpegs = [size for size in self._shown_sizes() if size["format"] == "jpeg"]
        if not jpegs:
            return ""
        best = min(jpegs, key=lambda size: abs(size["width"] - 960))
        return default_storage.url(best["name"])

    @cached_property
    def largest(self) -> str:
        """The largest finished JPEG's address; empty when there is none."""
        jpegs = [size for size in self._shown_sizes() if size["format"] == "jpeg"]
        return default_storage.url(jpegs[-1]["name"]) if jpegs else ""

    @cached_property
    def card_url(self) -> str:
        """The 1200 × 630 crop for link previews, else the largest size."""
        return default_storage.url(self.card) if self.card and not self.taken_down else self.largest

    @property
    def palette_class(self) -> str:
        return f"paper-{self.palette}"

    @property
    def focus_class(self) -> str:
        """Where the eye should stay, on a grid of 5 × 5: ``focus-2-2`` is the middle."""
        if self.focal_point_x is None or not self.width or not self.height:
            return "focus-2-2"
        x = min(4, max(0, int(5 * self.focal_point_x / self.width)))
        y = min(4, max(0, int(5 * self.focal_point_y / self.height)))
        return f"focus-{x}-{y}"

    def public_names(self) -> list[str]:
        """Names that its finished files have while readers may get them."""
        return [size["name"] for size in self.made] + ([self.card] if self.card else [])

    def files(self) -> list[str]:
        """Names of every finished file where it lies now, without master and original."""
        names = self.public_names()
        return [withdrawn_name(name) for name in names] if self.taken_down else names


class PictureRendition(AbstractRendition):
    """Thumbnails for the admin. Readers never get one."""

    image = models.ForeignKey(Picture, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return f"thumbnails/{unguessable()}.{filename.rpartition('.')[2].lower()}"
