"""What the fast screen sends: one small form for each verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nightdesk.briefs.desk.live.streams import Words
from nightdesk.briefs.forms import SourceInput


class WordsForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write at least a sentence. Nothing was published.")},
    )
    headline = forms.CharField(label=_("Headline"), required=False, max_length=255)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120, widget=SourceInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    @property
    def words(self) -> Words:
        given = self.cleaned_data
        return Words(given["text"], given["headline"], given["source"])


class SendForm(WordsForm):
    """``key`` was made in the browser when the item was begun; ``draft``: not to be published;
    ``signed``: with the account's own name; ``put_back``: it was sent before, its answer was lost, and
    it was in the form since."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    at = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        # What a telephone's own picker sends.
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text=_("Empty: now."),
    )
    draft = forms.BooleanField(required=False, widget=forms.HiddenInput())
    signed = forms.BooleanField(required=False)
    put_back = forms.BooleanField(required=False, widget=forms.HiddenInput())


class DraftForm(WordsForm):
    made_from = forms.CharField()
    draft = forms.BooleanField(required=False)


class CorrectForm(WordsForm):
    made_from = forms.CharField()
    key = forms.UUIDField()
    note = forms.CharField(required=False)


class WithdrawForm(forms.Form):
    key = forms.UUIDField()
    reason = forms.CharField(required=False)


class SwitchForm(forms.Form):
    on = forms.BooleanField(required=False)
