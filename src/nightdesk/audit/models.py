"""The audit has no table in the main database, only rights: who may read it, who may freeze."""

from django.db import models


class Audit(models.Model):
    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = "audit"
        permissions = [
            ("view_audit", "Can read the audit"),
            ("freeze_newsroom", "Can freeze the newsroom"),
        ]

    def __str__(self) -> str:
        return "audit"
