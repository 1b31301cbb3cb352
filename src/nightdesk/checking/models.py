"""Links under which somebody without an account reads a draft: a lawyer, a source, a person
quoted."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.stories.models import StoryPage


class CheckLink(models.Model):
    """One draft, as it was when it was shared, for whoever has the link.

    The link itself is nowhere: of its 128 random bits the SHA-256 is kept. ``content`` is the
    version's, without the newsroom's notes; it is forgotten when the link has ended. It is a copy,
    because automatic saving writes over the newest version.
    """

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="check_links")
    token_hash = models.CharField(max_length=64, unique=True)
    content = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    for_whom = models.CharField(_("for whom"), max_length=120, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("link for checking")
        verbose_name_plural = _("links for checking")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    @classmethod
    def open_at(cls, now: datetime.datetime) -> QuerySet[CheckLink]:
        """Those that still lead somewhere. Whoever left the newsroom took their links along."""
        return cls.objects.filter(
            Q(made_by=None) | Q(made_by__is_active=True),
            revoked_at=None,
            expires_at__gt=now,
            content__isnull=False,
        )

    @property
    def is_open(self) -> bool:
        return type(self).open_at(timezone.now()).filter(pk=self.pk).exists()

    def draft(self) -> StoryPage:
        """The story as it was shared. Not to be saved."""
        return self.story.with_content_json(self.content)
