"""Who gets which newsletter, and the proof that they asked for it.

What is kept of a reader is the least that a newsletter needs: an address. No name, no network
address, no browser: a list of readers of a newsroom is itself something that somebody may want.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.newsletters.models.newsletter import Newsletter


class Subscriber(models.Model):
    """One address. ``email`` is as the reader wrote it, its domain in lower case; ``email_ascii``
    has the domain in the form mail needs (IDNA); ``email_key`` is what two spellings of one address
    have in common (see ``nightdesk.newsletters.addresses``). Erased, all three are empty or nothing
    but a fingerprint, and no mail goes there again.

    ``uid`` stands in the links of every mail; it says nothing and never changes. ``moving_to`` is
    the address the reader asked to move to, until it has said yes. No mail while ``paused_until``
    lies ahead.
    """

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.CharField(_("address"), max_length=254)
    email_ascii = models.CharField(max_length=320)
    email_key = models.CharField(max_length=320, unique=True)
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(default=timezone.now)
    paused_until = models.DateTimeField(null=True, blank=True)
    moving_to = models.CharField(max_length=254, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-created_at", "-pk"]
        # A list of a newsroom's readers is something that somebody may want: seeing them is one
        # right, taking the list away another.
        permissions = [
            ("export_subscriber", "Can take the list of subscribers out, and bring one in")
        ]

    def __str__(self) -> str:
        """Not the address: this gets into logs."""
        return f"#{self.pk}"


class Subscription(models.Model):
    """That one address asked for one newsletter, and where that stands.

    pending → active → unsubscribed → (asked again) pending. A pending one is forgotten after
    30 days. ``source`` is where it came from (form, page, import, admin), ``place`` the path of the
    page or the name of the import. ``reason`` says how it ended.
    """

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        PENDING = "pending", _("not confirmed yet")
        ACTIVE = "active", _("subscribed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    class Reason(models.TextChoices):
        ONE_CLICK = "one-click", _("by the button of the mail program")
        LINK = "link", _("by the link in a mail")
        MAILTO = "mailto", _("by a mail")
        CENTRE = "centre", _("on the page of their newsletters")
        DESK = "desk", _("by the newsroom")
        BOUNCE = "bounce", _("mail comes back")
        COMPLAINT = "complaint", _("marked as spam")
        ERASED = "erased", _("erased at their wish")

    newsletter = models.ForeignKey(
        Newsletter, on_delete=models.CASCADE, related_name="subscriptions"
    )
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    source = models.CharField(max_length=12, default="form")
    place = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "subscriber"], name="one_subscription")
        ]
        indexes = [
            models.Index(
                fields=["newsletter", "subscriber"],
                condition=Q(state="active"),
                name="active_subscriptions",
            ),
            models.Index(
                fields=["requested_at"], condition=Q(state="pending"), name="pending_subscriptions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newsletter_id}/{self.subscriber_id}: {self.state}"

    @classmethod
    def active(cls, newsletter: Newsletter) -> QuerySet[Subscription]:
        return cls.objects.filter(newsletter=newsletter, state=cls.State.ACTIVE)


class ConsentWords(models.Model):
    """The very words that a reader saw beside the button, each wording kept once."""

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    sha256 = models.CharField(max_length=64, unique=True)
    words = models.TextField()

    def __str__(self) -> str:
        return self.words[:60]


class ConsentEvent(models.Model):
    """One line of the proof; never changed. It outlives the subscriber: erased, what remains is the
    fingerprint, so that whoever shows the address can be shown that it was asked for."""

    #: There are many, and nobody asks where one is used.
    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked for it")
        MAILED = "mailed", _("was sent the confirmation mail")
        CONFIRMED = "confirmed", _("confirmed it")
        ENDED = "ended", _("ended it")
        UNDONE = "undone", _("took the ending back")
        PAUSED = "paused", _("paused all mail")
        RESUMED = "resumed", _("ended the pause")
        MOVED = "moved", _("changed the address")
        IMPORTED = "imported", _("was imported")
        EXPORTED = "exported", _("fetched their data")
        ERASED = "erased", _("had their data erased")

    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.SET_NULL, related_name="consent"
    )
    fingerprint = models.CharField(max_length=64, db_index=True)
    newsletter = models.ForeignKey(
        Newsletter, null=True, on_delete=models.SET_NULL, related_name="consent"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=500, blank=True)
    words = models.ForeignKey(
        ConsentWords, null=True, on_delete=models.PROTECT, related_name="events"
    )
    detail = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("line of consent")
        verbose_name_plural = _("lines of consent")
        ordering = ["at", "pk"]

    #: ``detail`` of one who only asked to have another address; it is theirs when that has said yes.
    ASKED_TO_MOVE = "asked for another address"
    FROM_HERE, TO_HERE = "from this address", "to this address"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @property
    def what(self) -> str:
        """``kind`` in words, with what ``detail`` makes of it."""
        if self.kind == self.Kind.MOVED:
            said = {
                self.ASKED_TO_MOVE: _("asked for another address"),
                self.FROM_HERE: _("changed from this address to another"),
                self.TO_HERE: _("changed to this address from another"),
            }
            return str(said.get(self.detail, self.Kind.MOVED.label))
        return str(self.get_kind_display())

    @property
    def more(self) -> str:
        """Of ``detail``, what ``what`` has not said."""
        if self.kind == self.Kind.MOVED:
            return ""
        if self.kind == self.Kind.ENDED and self.detail in Subscription.Reason.values:
            return str(Subscription.Reason(self.detail).label)
        return self.detail


class SubscriberCount(models.Model):
    """How many had a newsletter at the end of a day, in the newsroom's zone. Written down each day,
    because the rows it is counted from change: who was erased last month was a reader before."""

    wagtail_reference_index_ignore = True

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    active = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "day"], name="one_count_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.newsletter_id} {self.day}: {self.active}"


class SubscriberTable(models.Model):
    """A table of subscribers that the worker brings in, a piece at a time; emptied when it is done.

    ``read`` is how many of its rows are done; ``counts`` what became of them, ``bad`` the lines
    that could not be taken in with why, ``left`` the columns that were left where they are.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", _("being brought in")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    newsletter = models.ForeignKey(Newsletter, null=True, on_delete=models.CASCADE)
    proof = models.CharField(max_length=200, blank=True)
    asks = models.BooleanField(default=False)
    is_trial = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    read = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    bad = models.JSONField(default=list)
    left = models.JSONField(default=list)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("table of subscribers")
        verbose_name_plural = _("tables of subscribers")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
