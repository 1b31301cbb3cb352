"""What the search does not know yet of a coverage."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from nightdesk.coverage.models.coverage import Coverage
from nightdesk.coverage.models.entry import Entry


class SearchDue(models.Model):
    """From ``at`` on the search's document of this coverage is to be written, and that of the
    update, if it names one. Written with the change itself and deleted with what it asks for, so
    neither is lost with a process. Either may have been deleted since."""

    coverage = models.ForeignKey(
        Coverage, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    entry = models.ForeignKey(
        Entry, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "due in the search"
        verbose_name_plural = "due in the search"
        default_permissions = ()

    def __str__(self) -> str:
        return f"coverage {self.coverage_id}, update {self.entry_id}"
