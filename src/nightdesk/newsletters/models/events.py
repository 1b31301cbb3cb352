"""What comes back of a mail, and to whom nothing is sent any more because of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.newsletters.models.editions import Edition
from nightdesk.newsletters.models.newsletter import Newsletter
from nightdesk.newsletters.models.subscribers import Subscriber


class Suppression(models.Model):
    """An address that gets nothing: from one newsletter, or (``newsletter`` empty) from any.

    It is kept as a fingerprint, so that it holds after the address was erased and says nothing to
    whoever steals it, and it outlives import and sign-up alike.
    """

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("mail comes back")
        COMPLAINT = "complaint", _("marked as spam")
        DESK = "desk", _("by the newsroom")
        ERASED = "erased", _("erased at their wish")
        IMPORTED = "imported", _("from another system's list")

    fingerprint = models.CharField(max_length=64)
    newsletter = models.ForeignKey(
        Newsletter, null=True, blank=True, on_delete=models.CASCADE, related_name="suppressions"
    )
    reason = models.CharField(max_length=12, choices=Reason.choices)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "newsletter"], name="one_suppression"),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(newsletter=None),
                name="one_suppression_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fingerprint[:8]}: {self.reason}"


class MailEvent(models.Model):
    """A report about a mail: from the mail service, or a returned mail. ``event_id`` is the
    service's own; the same report twice is one. Forgotten after 90 days."""

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("came back for good")
        DEFERRED = "deferred", _("late")
        COMPLAINED = "complained", _("marked as spam")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        REJECTED = "rejected", _("refused by the mail service")

    edition = models.ForeignKey(
        Edition, null=True, on_delete=models.CASCADE, related_name="events", db_constraint=False
    )
    subscriber = models.ForeignKey(
        Subscriber,
        null=True,
        on_delete=models.SET_NULL,
        related_name="events",
        db_constraint=False,
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name = _("report about a mail")
        verbose_name_plural = _("reports about mail")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
