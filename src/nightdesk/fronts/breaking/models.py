"""A banner: what it says, where it leads, from when until when, and who switched it on."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

#: Letters. More than three or four lines of a telephone are no banner.
LONGEST = 100


class Banner(models.Model):
    """One edition's breaking banner. Readers see the latest that has neither ended nor been
    ended; an earlier one never comes back. Nothing happens at ``until``: from then on the banner
    just is not among those that `running` finds.

    It leads to a thing of ours (``kind`` and ``thing`` as `nightdesk.takedown.kinds` knows it), or
    to an address, or nowhere.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(_("text"), max_length=LONGEST)
    kind = models.CharField(max_length=20, blank=True)
    thing = models.CharField(max_length=40, blank=True)
    url = models.CharField(_("address"), max_length=500, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True
    #: It has no versions, and the hourly look for forged pages holds it to the log all the same.
    is_held_to_the_log = True

    class Meta:
        verbose_name = _("breaking banner")
        verbose_name_plural = _("breaking banners")
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["locale", "until"], name="fronts_banner_until")]
        default_permissions = ()
        permissions = [("switch_banner", "Can switch the breaking banner on and off")]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def running(cls, now: datetime.datetime) -> QuerySet[Banner]:
        """Those that readers may see at ``now``, the latest first: one an edition, unless two were
        switched on in the same moment."""
        return cls.objects.filter(ended_at=None, until__gt=now).order_by("-since", "-pk")

    def is_running(self, now: datetime.datetime) -> bool:
        return self.ended_at is None and now < self.until
