"""The form of a name and how it is said."""

from __future__ import annotations

from django import forms
from django.conf import settings
from wagtail.admin.forms import WagtailAdminModelForm

from nightdesk.editing.forms import MadeFrom


class PronunciationForm(MadeFrom, WagtailAdminModelForm):
    """Its language is one that the newsroom publishes in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=self.fields["language"].label,
                choices=settings.LANGUAGES,
                initial=settings.LANGUAGE_CODE,
            )
