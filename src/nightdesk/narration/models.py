"""What of a story can be heard, what the newsroom chose for it, and how names are said."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page

from nightdesk.narration.forms import PronunciationForm
from nightdesk.narration.lexicon.entries import Entry
from nightdesk.narration.lexicon.respelling import RespellingError, to_ipa
from nightdesk.narration.persons.models import HumanRecording
from nightdesk.narration.spoken import tidy
from nightdesk.narration.told import told
from nightdesk.stories.models import StoryPage

__all__ = [
    "HumanRecording",
    "Narration",
    "Pronunciation",
    "SectionAudio",
    "StoryAudio",
    "VoiceChoice",
]


class Narration(models.Model):
    """One story as it is heard.

    ``state`` says where the making of it stands; ``shown`` whether readers have what is in the
    files: a story that was edited keeps the old sound until the new one is ready, one that was
    corrected or taken down does not. The files' names begin with the unguessable ``token``;
    ``spec`` is the fingerprint of every word and of the voice, so the same is never made twice.
    ``cues`` are ``[id, start, end, written]``, in seconds.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        WORKING = "working", _("is being read")
        READY = "ready", _("ready")
        SKIPPED = "skipped", _("not read")
        FAILED = "failed", _("could not be read")

    #: Who goes first: a story that is new or changed, one in which a name changed, the archive.
    FRESH, NAMES, ARCHIVE = 0, 5, 10

    story = models.OneToOneField(StoryPage, on_delete=models.CASCADE, related_name="narration")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=30, blank=True)
    because = models.TextField(blank=True)
    rank = models.PositiveSmallIntegerField(default=FRESH)
    wanted_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)

    shown = models.BooleanField(default=False)
    human = models.BooleanField(default=False)
    read_by = models.CharField(max_length=120, blank=True)
    token = models.CharField(max_length=26, unique=True)
    spec = models.CharField(max_length=64, blank=True)
    audio = models.CharField(max_length=120, blank=True)
    podcast = models.CharField(max_length=120, blank=True)
    transcript = models.CharField(max_length=120, blank=True)
    timings = models.CharField(max_length=120, blank=True)
    seconds = models.FloatField(default=0)
    audio_bytes = models.PositiveIntegerField(default=0)
    podcast_bytes = models.PositiveIntegerField(default=0)
    cues = models.JSONField(default=list)
    voice = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(null=True)
    corrections = models.PositiveSmallIntegerField(default=0)

    #: How the making goes, which readers never see.
    BOOKKEEPING = (
        "state", "reason", "because", "rank", "wanted_at", "not_before", "lease_until", "attempt",
        "spec", "corrections",
    )  # fmt: skip

    class Meta:
        verbose_name = _("narration")
        verbose_name_plural = _("narrations")
        indexes = [
            models.Index(
                fields=["rank", "wanted_at"],
                condition=Q(state__in=["waiting", "working"]),
                name="narrations_waiting",
            ),
            models.Index(fields=["-made_at"], condition=Q(shown=True), name="narrations_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.story_id}: {self.state}"

    @property
    def why(self) -> str:
        """For whoever looks, in their language."""
        return told(self.because)

    @property
    def length(self) -> str:
        """“3:07”."""
        return f"{int(self.seconds) // 60}:{int(self.seconds) % 60:02d}"

    @property
    def files(self) -> list[str]:
        """Names below the media folder."""
        return list(filter(None, (self.audio, self.podcast, self.transcript, self.timings)))


class StoryAudio(models.Model):
    """What an editor chose for one story: whether it is read, what of it is not, and other words."""

    class Choice(models.TextChoices):
        AS_SECTION = "", _("as its section does")
        YES = "yes", _("read it")
        NO = "no", _("do not read it")

    story = models.OneToOneField(StoryPage, on_delete=models.CASCADE, related_name="audio_choice")
    choice = models.CharField(
        _("read this story"), max_length=3, choices=Choice.choices, blank=True, default=""
    )
    unread = models.JSONField(default=list, help_text="Ids of blocks that are not read.")
    spoken = models.TextField(
        _("spoken version"),
        blank=True,
        help_text=_("Read in the place of the body. Empty lines part its paragraphs."),
    )

    class Meta:
        verbose_name = _("choice of what is read")
        verbose_name_plural = _("choices of what is read")

    def __str__(self) -> str:
        return f"{self.story_id}: {self.choice}"


class SectionAudio(models.Model):
    """A section, or a language's whole edition (its home page), whose stories are not read unless
    they say so themselves."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="audio_of_stories")
    read = models.BooleanField(_("read its stories"), default=True)

    class Meta:
        verbose_name = _("section's choice of what is read")
        verbose_name_plural = _("sections' choices of what is read")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.read}"


class VoiceChoice(models.Model):
    """The voice of a language, chosen by somebody who was shown its licence."""

    language = models.CharField(_("language"), max_length=10, unique=True)
    voice = models.CharField(
        _("voice"), max_length=120, blank=True, help_text="As `Voice.id`; empty: no story is read."
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    chosen_at = models.DateTimeField(default=timezone.now)
    disclosure = models.CharField(
        _("line above the player"),
        max_length=200,
        blank=True,
        help_text=_("Empty: “This audio is created with AI assistance”, in the language."),
    )

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")

    def __str__(self) -> str:
        return f"{self.language}: {self.voice}"


class Pronunciation(models.Model):
    """How a name is said, in every story of its language."""

    language = models.CharField(_("language"), max_length=10)
    term = models.CharField(_("name or word"), max_length=80)
    says = models.CharField(
        _("as it sounds"),
        max_length=120,
        blank=True,
        help_text=_("In syllables, the stressed one in capitals: bahk-MOOT."),
    )
    ipa = models.CharField(
        _("in phonetics (IPA)"),
        max_length=120,
        blank=True,
        help_text=_("Only if you know it. It goes before the line above."),
    )
    match_case = models.BooleanField(_("only as it is written here"), default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    base_form_class = PronunciationForm
    panels = [
        FieldRowPanel([FieldPanel("term"), FieldPanel("language")]),
        FieldPanel("says"),
        FieldPanel("ipa"),
        FieldPanel("match_case"),
    ]

    class Meta:
        verbose_name = _("name and how it is said")
        verbose_name_plural = _("names and how they are said")
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(fields=["language", "term"], name="one_pronunciation")
        ]

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        super().clean()
        # As a text is read: with one kind of apostrophe, whatever a telephone made of it.
        self.term = tidy.before(self.term)
        self.says = tidy.before(self.says)
        if not self.says and not self.ipa:
            raise ValidationError({"says": _("Write how it sounds.")})
        if self.language == "en" and self.says and not self.ipa:
            try:
                to_ipa(self.says)
            except RespellingError as error:
                raise ValidationError(
                    {
                        "says": _(
                            "“%(rest)s” in “%(syllable)s” stands for no sound. Write it in "
                            "syllables of English letters, the stressed one in capitals: "
                            "bahk-MOOT."
                        )
                        % {"rest": error.rest, "syllable": error.syllable}
                    }
                ) from error

    @property
    def in_letters(self) -> str:
        """For lists: what somebody typed."""
        return Entry(self.term, self.says, self.ipa).in_letters

    @cached_property
    def entry(self) -> Entry:
        """For languages other than English, what is typed is read as that language is read."""
        ipa = self.ipa
        if not ipa and self.language == "en":
            ipa = to_ipa(self.says)
        return Entry(self.term, self.says, ipa, self.match_case)
