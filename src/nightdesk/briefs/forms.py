"""The two forms of a brief: the whole one, and the short one that is bookmarked."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from nightdesk.briefs.models import Brief

#: Sources offered while one is typed.
RECENT_SOURCES = 5


class SourceInput(forms.TextInput):
    """A line that offers the sources named last."""

    template_name = "desk/source_input.html"

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        offered = f"{context['widget']['attrs'].get('id', name)}-recent"
        context["widget"]["attrs"]["list"] = offered
        context["offered"] = offered
        context["sources"] = Brief.recent_sources(RECENT_SOURCES)
        return context


class BriefForm(WagtailAdminModelForm):
    """Time empty: the moment it is published. A time to come: it is published then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        time = self.fields["published_at"]
        time.required = False
        time.help_text = _(
            "Empty: the moment you publish it. A time to come: it is published then."
        )
        brief = self.instance
        if not brief.first_published_at and not brief.go_live_at:
            self.initial["published_at"] = None
        if "topics" in self.fields:
            topics = self.fields["topics"]
            topics.queryset = topics.queryset.filter(locale=brief.locale_id)

    def clean_published_at(self) -> Any:
        return self.cleaned_data["published_at"] or timezone.now()

    def clean(self) -> dict:
        cleaned = super().clean()
        at = cleaned.get("published_at")
        self.instance.go_live_at = at if at and at > timezone.now() else None
        return cleaned


class ShortBriefForm(forms.Form):
    """``key`` is the brief's own key, handed out with the empty form: a form sent twice is one
    brief."""

    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea({"rows": 5, "autofocus": True}),
        error_messages={"required": _("Write at least a sentence. Nothing was published.")},
    )
    source = forms.CharField(
        label=_("Source"), required=False, max_length=120, widget=SourceInput()
    )
    headline = forms.CharField(
        label=_("Headline"),
        required=False,
        max_length=255,
        help_text=_("Empty: the first sentence stands for it."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    at = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        # What a telephone's own picker sends.
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        languages = self.fields["language"]
        languages.choices = settings.LANGUAGES
        languages.initial = settings.LANGUAGE_CODE
        if len(settings.LANGUAGES) == 1:
            languages.widget = forms.HiddenInput()
        self.fields["key"].initial = uuid.uuid4

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or settings.LANGUAGE_CODE
