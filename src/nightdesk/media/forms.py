"""The picture form: an upload goes through the darkroom before anything else sees it."""

from __future__ import annotations

import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from nightdesk.kernel.tokens import unguessable
from nightdesk.media.actions import give_files, remove_files_later, title_from
from nightdesk.media.darkroom import DarkroomBroken, DarkroomFull, PictureRefused
from nightdesk.media.intake import Intake, take_in
from nightdesk.media.models import Picture
from nightdesk.press import together

#: What is written of a picture, in its form.
_WORDS = ("alt", "caption", "credit")
#: The hidden field that says what was written there when the form was made.
_MADE_FROM = "words_were"


class PictureField(WagtailImageField):
    """An uploaded picture, cleaned: the value carries its ``intake``.

    What the file is called decides nothing: kinds are told by content.
    """

    default_validators: list = []

    def to_python(self, data: UploadedFile | None) -> UploadedFile | None:
        # FileField's own checks only; Pillow never opens a stranger's file in this process.
        upload = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        try:
            upload.intake = take_in(upload)
        except (PictureRefused, DarkroomFull) as refusal:
            raise ValidationError(refusal.message, code="refused") from refusal
        except TimeoutError as wait:
            raise ValidationError(
                _("Many pictures are being uploaded just now. Wait a minute and upload it again."),
                code="busy",
            ) from wait
        except OSError as trouble:
            raise ValidationError(
                _(
                    "The server could not store this picture (%(reason)s). Nothing of it was "
                    "kept. Tell whoever runs this server, and upload it again."
                ),
                code="not stored",
                params={"reason": trouble.strerror or trouble},
            ) from trouble
        except DarkroomBroken as broken:
            raise ValidationError(
                _(
                    "Pictures cannot be worked on at the moment, so nothing was saved. "
                    "Tell whoever runs this server: “nightdesk doctor” says more."
                ),
                code="broken",
            ) from broken
        return upload


class PictureForm(BaseImageForm):
    """What must be known about a picture before it can be shown."""

    keep_original = forms.BooleanField(
        label=_("Keep the untouched original"),
        required=False,
        help_text=_(
            "Privately, with everything the camera wrote into it: place, time, serial number. "
            "Without this only the cleaned picture is kept."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.replaced: list[str] = []
        if self.instance.pk:
            field = forms.CharField(required=False, widget=forms.HiddenInput())
            self.fields[_MADE_FROM] = field
            self.initial[_MADE_FROM] = _digest(self.instance)
        if "title" in self.fields:
            self.fields["title"].required = False
            self.fields["title"].widget = forms.HiddenInput()
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PictureField(
                label=given.label,
                required=given.required,
                widget=forms.FileInput(attrs={"accept": "image/*"}),
            )
        else:
            del self.fields["keep_original"]

    def clean(self) -> dict:
        cleaned = super().clean()
        self._mind_the_other_editor(cleaned.get(_MADE_FROM, ""))
        if cleaned.get("alt"):
            cleaned["title"] = title_from(cleaned["alt"])
        return cleaned

    def _mind_the_other_editor(self, made_from: str) -> None:
        """Nobody's words go over another's unseen; sent once more, they do."""
        self.words_before = _digest(self.instance) if self.instance.pk else ""
        if not made_from or made_from == self.words_before:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix(_MADE_FROM)] = self.words_before
        for name in _WORDS:
            there, here = getattr(self.instance, name), self.cleaned_data.get(name, "")
            if name in self.fields and there != here:
                self.add_error(
                    name,
                    _(
                        "Somebody changed this meanwhile. It says now: “%(there)s”. Yours is still "
                        "in the form; save again to keep it."
                    )
                    % {"there": there},
                )

    def _post_clean(self) -> None:
        # The upload never becomes the model's file: its finished files do.
        self.intake: Intake | None = getattr(self.cleaned_data.get("file"), "intake", None)
        if self.intake:
            self.upload = self.cleaned_data.pop("file")
            if self.instance.pk:
                former = [self.instance.file.name, self.instance.original.name]
                self.replaced = [*self.instance.files(), *former]
            give_files(self.instance, self.intake)
        super()._post_clean()
        if self.intake and self.errors:
            self.intake.discard()
            self.intake = None
            self.add_error("file", _("Choose the file again; nothing of it was kept."))

    def save(self, commit: bool = True):  # noqa: ANN201
        if self.intake:
            self.instance.original = None
            if self.cleaned_data.get("keep_original"):
                self.upload.seek(0)
                self.instance.original.save(unguessable(), self.upload, save=False)
            remove_files_later(self.replaced)
            if self.instance.pk:
                self.instance.renditions.all().delete()
        self.instance.title = title_from(self.instance.alt)
        if "file" in self.changed_data:
            # The finished files are measured; Wagtail would open them to measure them again.
            self.changed_data.remove("file")
        if not (commit and self.instance.pk):
            return super().save(commit=commit)
        with transaction.atomic():
            together.beside_others()
            self._keep_what_was_changed_during_the_upload()
            return super().save(commit=commit)

    def _keep_what_was_changed_during_the_upload(self) -> None:
        """An upload takes seconds outside any transaction; a name may have been protected in them."""
        now = Picture.objects.only(*_WORDS, "title").get(pk=self.instance.pk)
        if _digest(now) != self.words_before:
            for name in (*_WORDS, "title"):
                setattr(self.instance, name, getattr(now, name))


def _digest(picture: Picture) -> str:
    words = json.dumps([getattr(picture, name) for name in _WORDS])
    return hashlib.sha256(words.encode()).hexdigest()[:16]
