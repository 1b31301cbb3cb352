"""A person's recording of a story: who reads, where it stands, whether it still may be heard."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nightdesk.narration.told import told
from nightdesk.stories.models import StoryPage


class HumanRecording(models.Model):
    """One uploaded recording. A story has at most one that is ``READY``, and beside it at most one
    newer that is being prepared or was refused: a replacement that fails costs nothing.

    ``upload`` names what was uploaded, in the workshop, until it has been made into our own files;
    ``master`` and ``podcast`` name those, below the media folder where no reader is handed
    anything. What readers get (``Narration``) is made of them with the story's tag in front.
    ``words`` is the story as it was when somebody read it: what may be said in there. The name of
    the file is kept nowhere.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("is being prepared")
        REFUSED = "refused", _("could not be used")
        READY = "ready", _("ready")

    class Held(models.TextChoices):
        """Why readers do not hear it although it is ready."""

        CORRECTION = "correction", _("read before the correction")
        PULLED = "pulled", _("taken away")

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="human_recordings")
    reader = models.CharField(_("who reads it"), max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    because = models.TextField(blank=True)
    held = models.CharField(max_length=10, choices=Held.choices, blank=True, default="")
    upload = models.CharField(max_length=40, blank=True)
    master = models.CharField(max_length=60, blank=True)
    podcast = models.CharField(max_length=60, blank=True)
    seconds = models.FloatField(default=0)
    words = models.TextField(blank=True)
    corrections = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("person's recording")
        verbose_name_plural = _("persons' recordings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["story"], condition=models.Q(state="ready"), name="one_ready_recording"
            ),
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
    def is_usable(self) -> bool:
        return self.state == self.State.READY and not self.held
