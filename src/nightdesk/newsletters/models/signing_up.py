"""What a sign-up leaves behind until the worker has seen to it, and how often an address was mailed.

Neither is kept: a wish goes as soon as it is seen to, a line about a mail after thirty days.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Wish(models.Model):
    """Somebody sent a form. The request writes this one row, whatever it says and whoever is meant;
    who that is and what follows is found out afterwards, where no clock of a stranger runs.

    ``newsletters`` are ids; ``again``: a new link for whatever still waits to be confirmed;
    ``trap``: sent by a machine, and thrown away. ``words`` is what stood beside the button.
    """

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    email = models.CharField(max_length=254)
    email_ascii = models.CharField(max_length=320)
    email_key = models.CharField(max_length=320)
    newsletters = models.JSONField(default=list)
    language = models.CharField(max_length=10)
    place = models.CharField(max_length=500, blank=True)
    words = models.TextField(blank=True)
    again = models.BooleanField(default=False)
    trap = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("sign-up in hand")
        verbose_name_plural = _("sign-ups in hand")
        default_permissions = ()
        indexes = [models.Index(fields=["not_before"], name="wishes_waiting")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class FirstMail(models.Model):
    """That an address was mailed before it was anybody's reader, so that nobody is bombed with our
    help. ``fingerprint`` and ``domain`` say nothing to a thief (``addresses.fingerprint``)."""

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("asked to confirm")
        ALREADY = "already", _("told that they are subscribed already")

    fingerprint = models.CharField(max_length=64)
    domain = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    newsletters = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    confirmed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("first mail")
        verbose_name_plural = _("first mails")
        default_permissions = ()
        indexes = [
            models.Index(fields=["fingerprint", "at"], name="first_mails_of_an_address"),
            models.Index(fields=["domain", "at"], name="first_mails_to_a_domain"),
            models.Index(fields=["at"], name="first_mails_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.fingerprint[:8]}: {self.kind}"
