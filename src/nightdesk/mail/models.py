"""Mail on its way out, who sends it, and how the relay takes it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One mail to one person who waits for it: a confirmation, a new password.

    queued → sending (marked and committed before a byte of it leaves) → sent or refused, or queued
    again (4xx, cut before the final dot); sending → uncertain when the dot was sent and never
    answered, or when the sender died in between. An uncertain one is sent once more by itself: two
    mails with the same link harm less than none (``docs/decisions/mail.md``).

    ``content`` is the whole message until it has left, and nothing afterwards; seven days later the
    row goes, and the address with it. ``once`` is a fingerprint of what the caller wants sent no
    more than once a day. ``epoch`` is the sender's that has it in hand.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")

    kind = models.CharField(max_length=40)
    once = models.CharField(max_length=64, blank=True)
    mail_from = models.CharField(max_length=320)
    rcpt_to = models.CharField(max_length=320)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    epoch = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    code = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        default_permissions = ()
        permissions = [("read_mail", "Can read the newsroom's mail and see what waits")]
        constraints = [
            models.UniqueConstraint(
                fields=["once"], condition=~Q(once=""), name="one_outgoing_mail_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state="queued"),
                name="outgoing_mail_waiting",
            ),
            models.Index(
                fields=["epoch"], condition=Q(state="sending"), name="outgoing_mail_leaving"
            ),
            models.Index(
                fields=["settled_at"],
                condition=Q(settled_at__isnull=False),
                name="outgoing_mail_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}: {self.state}"

    @property
    def what(self) -> str:
        """``kind``, in the language of whoever reads it."""
        from nightdesk.mail import kinds

        return kinds.in_words(self.kind)

    @property
    def masked(self) -> str:
        """Enough of the address to recognise a mail that one is asked about, and no more."""
        local, _at, domain = self.rcpt_to.rpartition("@")
        return f"{local[:1]}…@{domain}"

    @property
    def message(self) -> EmailMessage:
        """What is in it, parsed; empty once it has left."""
        return email.message_from_bytes(bytes(self.content), policy=email.policy.default)


class Sender(models.Model):
    """The one sender of this newsroom, a single row (see ``lease.py``). ``epoch`` grows with each
    new holder; whoever has an older one writes nothing any more."""

    holder = models.CharField(max_length=200, blank=True)
    epoch = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"epoch {self.epoch}"


class Relay(models.Model):
    """How one relay (``smtp.example:587``, or ``folder``) takes our mail.

    ``tokens`` at ``tokens_at``: how much may leave at once, so that a restart is no burst.
    ``refusing_since`` is empty again with the first message that it takes; ``cause`` is its last
    refusal of everything, in its words or ours.
    """

    name = models.CharField(max_length=300, unique=True)
    used_since = models.DateTimeField(default=timezone.now)
    tokens = models.FloatField(default=0)
    tokens_at = models.DateTimeField(default=timezone.now)
    last_left_at = models.DateTimeField(null=True)
    refusing_since = models.DateTimeField(null=True)
    cause = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
