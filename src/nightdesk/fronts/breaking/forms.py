"""The form of a breaking banner: the words, where they lead, and when they end."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminPageChooser

from nightdesk.fronts.breaking import links
from nightdesk.fronts.breaking.actions import LASTS
from nightdesk.fronts.breaking.models import LONGEST
from nightdesk.stories.models import StoryPage

#: Minutes → how it is said. A length needs no clock, no zone and no date at three in the morning.
MINUTES = {
    30: gettext_lazy("30 minutes"),
    60: gettext_lazy("1 hour"),
    120: gettext_lazy("2 hours"),
    240: gettext_lazy("4 hours"),
    480: gettext_lazy("8 hours"),
    720: gettext_lazy("12 hours"),
    1440: gettext_lazy("24 hours"),
}


class BannerForm(forms.Form):
    """``cleaned_data["link"]`` is where it leads, a `links.Link`. ``key`` is the banner's own,
    handed out with the empty form: a form sent twice is one banner."""

    text = forms.CharField(
        label=gettext_lazy("What readers see"),
        max_length=LONGEST,
        widget=forms.TextInput({"autofocus": True}),
        error_messages={"required": gettext_lazy("Write what is breaking. Nothing was changed.")},
        help_text=gettext_lazy("One line. “Breaking” stands before it."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("On every page in"),
        required=False,
    )
    story = forms.ModelChoiceField(
        StoryPage.objects.all(),
        label=gettext_lazy("Leads to the story"),
        required=False,
        widget=AdminPageChooser(target_models=[StoryPage]),
    )
    address = forms.CharField(
        label=gettext_lazy("Or to another address"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "A page of ours, such as live coverage, or of somebody else's. Empty: it leads nowhere."
        ),
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Ends by itself after"),
        choices=list(MINUTES.items()),
        coerce=int,
        initial=int(LASTS.total_seconds() // 60),
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

    @property
    def lasts(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.cleaned_data["minutes"])

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or settings.LANGUAGE_CODE

    def clean(self) -> dict:
        cleaned = super().clean()
        story, typed = cleaned.get("story"), cleaned.get("address")
        if story and typed:
            self.add_error("address", _("Choose a story or give an address, not both."))
            return cleaned
        language = cleaned.get("language")
        if story and language and story.locale.language_code != language:
            self.add_error(
                "story",
                _("This story is written in another language; choose it above, or its version."),
            )
        self._link("story" if story else "address", story, typed)
        return cleaned

    def _link(self, field: str, story: StoryPage | None, typed: str) -> None:
        try:
            self.cleaned_data["link"] = (
                links.to_story(story) if story else links.to_address(typed or "")
            )
        except links.NotForReadersError as refused:
            self.add_error(field, str(refused))
        except forms.ValidationError as wrong:
            self.add_error(field, wrong)
