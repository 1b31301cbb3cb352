"""The form of a person's recording, and who may send it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nightdesk.narration.persons.models import HumanRecording
from nightdesk.narration.studio import uploads
from nightdesk.narration.studio.refusals import LONGEST
from nightdesk.stories.models import StoryPage

_KINDS = ".mp3,.m4a,.wav,.flac,.ogg,.opus,audio/*"


class RecordingForm(forms.Form):
    """``ready``: the recording that there is; without a new file only its reader is changed."""

    reader = forms.CharField(
        label=gettext_lazy("Who reads it"),
        max_length=120,
        help_text=gettext_lazy("Stands above the player: “Read by …”."),
    )
    recording = forms.FileField(
        label=gettext_lazy("Recording"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": _KINDS}),
    )

    def __init__(self, *args: Any, ready: HumanRecording | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = ready
        self.fields["recording"].help_text = _(
            "MP3, M4A, WAV, FLAC, Ogg or Opus; up to %(size)d MB and %(minutes)d minutes. It is "
            "recorded anew on this server: nothing that the file says of a person, a place or a "
            "device is kept."
        ) % {"size": uploads.MOST_BYTES // 1000**2, "minutes": LONGEST // 60}
        if ready and not self.is_bound:
            self.initial["reader"] = ready.reader

    def clean_reader(self) -> str:
        return " ".join(str(self.cleaned_data["reader"]).split())

    def clean(self) -> dict:
        cleaned = super().clean()
        # Not falsy: an empty file is, and has a sentence of its own.
        nothing = cleaned.get("recording") is None and "recording" not in self.errors
        if self.ready is None and nothing:
            self.add_error("recording", _("Choose the file with the recording."))
        return cleaned


def ready_of(story: StoryPage) -> HumanRecording | None:
    return story.human_recordings.filter(state=HumanRecording.State.READY).first()


def may_change(user: Any, story: StoryPage) -> bool:
    """What is out is changed by those who may publish; a draft by whoever may edit it."""
    may = story.permissions_for_user(user)
    return bool(may.can_publish() if story.live else may.can_edit())
