"""The outbox: what changed, written in the transaction that changed it."""

from django.db import models
from django.utils import timezone


class OutboxEntry(models.Model):
    """One change. Ids are in the order of the commits; nothing is ever changed in here.

    ``keys`` are those of `nightdesk.press.dependencies`; ``gone`` and ``urgent`` are public paths
    such as ``"/news/a-story/"``: those where something stopped being public, and those that are
    to be printed first, new ones included.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    keys = models.JSONField(default=list)
    gone = models.JSONField(default=list)
    urgent = models.JSONField(default=list)

    class Meta:
        verbose_name = "outbox entry"
        verbose_name_plural = "outbox entries"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk}: {', '.join(self.gone or self.urgent or self.keys[:3])}"
