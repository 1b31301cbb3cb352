"""What was taken down: by whom, when, why, and when it was lifted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


class Takedown(models.Model):
    """One takedown. ``key`` is its id on the list that the newsstand follows
    (`nightdesk.press.shelf.takedowns`); in force until it is lifted.

    ``kind`` and ``thing`` say what it is and its id, both empty when nothing in the database has
    its address. ``paths`` are all its addresses, ``stems`` the beginnings of its files' names.
    """

    key = models.CharField(max_length=32, unique=True, editable=False)
    kind = models.CharField(max_length=20, blank=True, editable=False)
    thing = models.CharField(max_length=40, blank=True, editable=False)
    title = models.CharField(max_length=300, blank=True, editable=False)
    path = models.TextField(editable=False)
    paths = models.JSONField(default=list, editable=False)
    stems = models.JSONField(default=list, editable=False)
    reason = models.TextField(_("reason"))
    sentence = models.CharField(_("sentence for readers"), max_length=300, blank=True)
    at = models.DateTimeField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by_name = models.CharField(max_length=150, blank=True, editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_by_name = models.CharField(max_length=150, blank=True, editable=False)
    purged_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the CDN was seen to hand it out no more.",
    )

    class Meta:
        verbose_name = _("takedown")
        verbose_name_plural = _("takedowns")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        permissions = [("take_down", "Can take down stories, briefs and pictures")]

    def __str__(self) -> str:
        return self.title or self.path

    @property
    def shown_paths(self) -> list[str]:
        """Its addresses as people name them: none twice for its last slash."""
        return [path for path in self.paths if path.endswith("/") or f"{path}/" not in self.paths]

    @classmethod
    def in_force(cls) -> QuerySet[Takedown]:
        return cls.objects.filter(lifted_at=None)
