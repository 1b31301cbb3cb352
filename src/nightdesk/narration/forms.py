"""The form of a name and how it is said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from nightdesk.editing.forms import MadeFrom


class NameOfAVoice:
    """Mixin. A sign that the voice of the language does not know is refused: once kept, it would
    silence every story that says the name."""

    def clean_ipa(self) -> str:
        """Without the slashes or brackets that phonetics are quoted in."""
        return " ".join(str(self.cleaned_data["ipa"]).split()).strip("/[] ")

    def clean(self) -> dict[str, Any]:
        from nightdesk.narration.choosing import unknown_sounds

        cleaned = super().clean() or self.cleaned_data
        language = cleaned.get("language") or self.instance.language
        unknown = unknown_sounds(language, cleaned.get("ipa", ""))
        if unknown:
            self.add_error(
                "ipa",
                _(
                    "The voice does not know %(signs)s and could not say the name. Write it with "
                    "other signs, or leave this line empty and write how the name sounds."
                )
                % {"signs": unknown},
            )
        return cleaned


class PronunciationForm(NameOfAVoice, MadeFrom, WagtailAdminModelForm):
    """Its language is one that the newsroom publishes in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=self.fields["language"].label,
                choices=settings.LANGUAGES,
                initial=settings.LANGUAGE_CODE,
            )
