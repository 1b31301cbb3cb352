"""Which voice reads a language, chosen in sight of its licence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from nightdesk.narration import choosing
from nightdesk.narration.models import VoiceChoice
from nightdesk.narration.voices import engines
from nightdesk.narration.voices.ports import Voice

CHOSEN = "nightdesk.narration.voice"


class VoiceForm(forms.ModelForm):
    """One language's. Choosing a voice means that its licence was read: the tick says so."""

    understood = forms.BooleanField(
        label=_("I have read what is said of the licence above, and this newsroom may use it."),
        required=False,
    )

    class Meta:
        model = VoiceChoice
        fields = ["voice", "disclosure"]

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=language, **kwargs)
        offered = choosing.offered(language)
        self.licences = [(voice, engines.engine(voice.engine).licence(voice)) for voice in offered]
        names = [(voice.id, voice.id) for voice in offered]
        self.kept = self.instance.voice
        if self.kept and self.kept not in dict(names):
            names.append((self.kept, self.kept))
        self.fields["voice"] = forms.ChoiceField(
            label=_("Voice"), choices=[("", _("None: no story is read")), *names], required=False
        )
        #: One that reads although nobody has chosen it, as a newsroom that is tried out has.
        self.unchosen = ""
        if self.instance.pk is None:
            reads = choosing.voice_of(language)
            if isinstance(reads, Voice):
                self.unchosen = self.initial["voice"] = reads.id

    @property
    def asks(self) -> bool:
        """Without a voice there is nothing to choose, and "none" would outlast the first one."""
        return bool(self.licences or self.instance.pk)

    def clean(self) -> dict:
        cleaned = super().clean()
        chosen = cleaned.get("voice")
        if chosen and chosen != self.kept and not cleaned.get("understood"):
            self.add_error(
                "understood",
                _("Readers will hear this voice. Tick that its licence suits this newsroom."),
            )
        return cleaned


class Voices(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/voices.html"
    permission_required = "narration.change_voicechoice"
    raise_exception = True
    page_title = _("Voices")
    header_icon = "media"

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def post(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("language", "")
        if code not in dict(settings.LANGUAGES):
            return redirect("voices")
        form = _form(code, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(wrong=form))
        with transaction.atomic():
            choice = form.save(commit=False)
            choice.language, choice.chosen_by = code, request.user
            choice.chosen_at = timezone.now()
            choice.save()
            log(instance=choice, action=CHOSEN, user=request.user, data={"voice": choice.voice})
        messages.success(request, _("Kept. It holds for what is read from now on."))
        return redirect("voices")

    def get_context_data(self, wrong: VoiceForm | None = None, **kwargs: Any) -> dict:
        forms_ = [
            (code, name, wrong if wrong and wrong.prefix == code else _form(code))
            for code, name in settings.LANGUAGES
        ]
        return super().get_context_data(forms=forms_, **kwargs)


def _form(language: str, data: Any = None) -> VoiceForm:
    choice = VoiceChoice.objects.filter(language=language).first()
    return VoiceForm(data, language=language, instance=choice or VoiceChoice(language=language))
