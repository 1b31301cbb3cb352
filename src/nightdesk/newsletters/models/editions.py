"""An edition of a newsletter, what was compiled of it, and one row for each of its recipients."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from nightdesk.newsletters import said
from nightdesk.newsletters.blocks import EditionBody
from nightdesk.newsletters.delivery import words
from nightdesk.newsletters.models.newsletter import Newsletter
from nightdesk.newsletters.models.subscribers import Subscriber
from nightdesk.press.addresses import address


class Edition(models.Model):
    """draft → scheduled → preparing → sending ⇄ paused → finished or cancelled.

    A digest waits as ``approving`` where its rule wants an editor's word. ``held``: something came
    between it and its readers (a story was taken down, it is hours late), and an editor decides;
    ``why_held`` is the sentence they read.

    ``epoch`` is the number of the sender that may write its deliveries; an older one's writes miss.
    ``total`` is the number of recipients at the snapshot; counts are never kept, always counted.
    ``held_because`` says of a paused one, too, why it is; kept as ``newsletters/said.py`` does.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVING = "approving", _("waits for approval")
        SCHEDULED = "scheduled", _("scheduled")
        PREPARING = "preparing", _("being prepared")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        HELD = "held", _("held")
        FINISHED = "finished", _("sent")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        COMPOSED = "composed", _("composed")
        DIGEST = "digest", _("digest")
        CORRECTION = "correction", _("correction")

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COMPOSED)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    subject = models.CharField(_("subject"), max_length=200)
    preheader = models.CharField(
        _("preview line"),
        max_length=200,
        blank=True,
        help_text=_("What mail programs show beside the subject. Empty: how the text begins."),
    )
    body = StreamField(EditionBody(), verbose_name=_("body"), blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    held_because = models.TextField(blank=True)
    held_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When whoever approved it was told that it is held."
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    send_at = models.DateTimeField(null=True, blank=True)
    arrive_by = models.DateTimeField(
        null=True, blank=True, help_text="Where the editor named the time at which all have it."
    )
    spread_minutes = models.PositiveSmallIntegerField(
        _("spread over so many minutes"),
        default=0,
        help_text=_(
            "0: as fast as the relay takes it. Otherwise its readers do not all come to the site "
            "at once."
        ),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(
        _("its page is withdrawn"), default=False, help_text="Readers have the mail, not the page."
    )
    epoch = models.BigIntegerField(default=0)
    version = models.PositiveSmallIntegerField(
        default=1,
        help_text="Of what was compiled: a later one is what the rest of its readers got.",
    )
    total = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-created_at", "-pk"]
        permissions = [("send_edition", "Can send an edition to its readers")]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(state__in=["scheduled", "preparing", "sending"]),
                name="editions_under_way",
            )
        ]

    #: While an edition is in one of these and nobody has it, its words may be changed.
    OPEN = (State.DRAFT, State.APPROVING, State.SCHEDULED, State.HELD)
    #: In one of these, once its recipients were counted, readers have it.
    OUT = (State.SENDING, State.PAUSED, State.FINISHED, State.CANCELLED)

    def __str__(self) -> str:
        return self.subject

    @property
    def why_held(self) -> str:
        """In the language of whoever reads it."""
        return said.read(self.held_because)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN and not self.has_left()

    def has_left(self) -> bool:
        """Whether a message of it may have left."""
        waiting = (Delivery.State.QUEUED, Delivery.State.SKIPPED)
        return self.deliveries.exclude(state__in=waiting).exists()

    @property
    def is_out(self) -> bool:
        """Whether readers have it, or are getting it."""
        return self.state in self.OUT and None not in (self.started_at, self.total)

    @property
    def has_page(self) -> bool:
        return self.is_out and not self.withdrawn

    @classmethod
    def out(cls) -> models.QuerySet[Edition]:
        """Those that readers have, the newest first."""
        return (
            cls.objects.filter(started_at__isnull=False, total__isnull=False, state__in=cls.OUT)
            .select_related("newsletter__locale")
            .order_by("-started_at", "-pk")
        )

    @classmethod
    def with_page(cls) -> models.QuerySet[Edition]:
        return cls.out().filter(withdrawn=False)

    def get_absolute_url(self) -> str:
        return address(
            "newsletter_edition",
            self.newsletter.language,
            slug=self.newsletter.slug,
            pk=self.pk,
        )


class CompiledEdition(models.Model):
    """What was sent, byte for byte, but for what differs from reader to reader: where a reader's
    token stands, ``tokens.MARK`` stands here. Never changed once a message of it has left: when a
    story in it is taken down meanwhile, the rest get another ``version`` without it, and nobody
    waits for a message in between (``Delivery.settled_at`` says who got which).

    ``made_of`` names what stands in it, as a takedown would: ``story:12``, ``brief:3``,
    ``picture:7``."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="compiled")
    version = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=200)
    html = models.TextField()
    text = models.TextField()
    made_of = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    compiled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "version"], name="one_version")]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def of(cls, edition: Edition) -> CompiledEdition | None:
        """What whoever gets it next is sent; None before it was compiled."""
        return cls.objects.filter(edition=edition).order_by("-version").first()


class Delivery(models.Model):
    """One recipient of one edition. The row exists before the first message leaves and says, at
    every moment and after every crash, what is known:

    queued → sending (marked and committed before a byte of it leaves) → sent, failed (5xx), or
    queued again (4xx, or cut before the final dot); sending → uncertain when the dot was sent and
    never answered, or when a sender died in between; queued → skipped when at its turn the reader
    is no longer subscribed. Only an editor's word or the mail service's report moves an uncertain
    one. ``reply`` is the relay's last answer (with its queue's id); of a skipped one, why it was
    (``delivery/words.py``). ``not_before`` is set as long as one waits: retries come after those
    who have not had their first turn.
    """

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    class State(models.IntegerChoices):
        QUEUED = 0, _("waiting")
        SENDING = 1, _("being sent")
        SENT = 2, _("sent")
        SKIPPED = 3, _("skipped")
        FAILED = 4, _("refused")
        UNCERTAIN = 5, _("uncertain")

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    code = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "edition"], name="one_delivery")
        ]
        indexes = [
            models.Index(
                fields=["edition", "not_before", "id"],
                condition=Q(state=0),
                name="deliveries_waiting",
            ),
            models.Index(fields=["edition"], condition=Q(state=1), name="deliveries_leaving"),
            models.Index(fields=["edition"], condition=Q(state=4), name="deliveries_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.subscriber_id}: {self.state}"

    @property
    def why(self) -> str:
        """``reply`` in words: of a skipped one why it was, else what the relay said."""
        return words.in_words(self.reply, skipped=self.state == self.State.SKIPPED)


class EditionRecord(models.Model):
    """What is left of an edition's deliveries after twelve weeks: numbers, and nobody's name."""

    wagtail_reference_index_ignore = True

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="record")
    sent = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    uncertain = models.PositiveIntegerField()
    bounced = models.PositiveIntegerField()
    complained = models.PositiveIntegerField()
    unsubscribed = models.PositiveIntegerField()
    closed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.sent}"
