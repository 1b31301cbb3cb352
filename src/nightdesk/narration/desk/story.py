"""How one story is heard: what will be read, what of it not, how a name in it is said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.log_actions import log

from nightdesk.narration import choosing, flow, names, passages, room
from nightdesk.narration.desk.recording_form import RecordingForm, may_change, ready_of
from nightdesk.narration.forms import NameOfAVoice
from nightdesk.narration.lexicon.entries import Lexicon
from nightdesk.narration.models import HumanRecording, Narration, Pronunciation, StoryAudio
from nightdesk.narration.persons import actions as persons
from nightdesk.narration.spoken import tidy
from nightdesk.narration.spoken.speaking import spoken
from nightdesk.narration.studio import record
from nightdesk.narration.voices.ports import NotRecordedError
from nightdesk.stories.desk.about_a_story import AboutAStory
from nightdesk.stories.models import StoryPage

READ_AGAIN, PULLED = "nightdesk.narration.again", "nightdesk.narration.pulled"


class ChoiceForm(forms.ModelForm):
    class Meta:
        model = StoryAudio
        fields = ["choice", "spoken"]
        widgets = {
            "choice": forms.RadioSelect,
            "spoken": forms.Textarea(attrs={"rows": 6}),
        }

    def clean_spoken(self) -> str:
        return str(self.cleaned_data["spoken"]).replace("\r\n", "\n").strip()


class StoryAloud(AboutAStory, FormView):
    """Whoever may edit the story may say how it is read."""

    form_class = ChoiceForm
    template_name = "desk/story_aloud.html"
    page_title = gettext_lazy("How it is heard")
    header_icon = "media"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.story = story_to_hear(request, kwargs["pk"])
        self.choice = StoryAudio.objects.filter(story=self.story).first() or StoryAudio(
            story=self.story
        )
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"instance": self.choice}

    def form_valid(self, form: ChoiceForm) -> HttpResponse:
        posted = self.request.POST
        choice = form.save(commit=False)
        known = {block.id for block in as_written(self.story).body}
        # A block that this editor did not see keeps its mark.
        seen, read = (set(posted.getlist(name)) & known for name in ("seen", "read"))
        choice.unread = sorted((set(choice.unread) & known - seen) | (seen - read))
        with transaction.atomic():
            choice.save()
            if self.story.live:
                flow.want(self.story)
        messages.success(self.request, _("Kept. It is read anew in a moment."))
        return redirect("story_aloud", self.story.pk)

    def get_context_data(self, **kwargs: Any) -> dict:
        language = self.story.locale.language_code
        voice = choosing.voice_of(language)
        left_out = set(self.choice.unread)
        written = as_written(self.story)
        said = passages.script(
            written,
            disclosure=choosing.disclosure_of(language),
            left_out=frozenset(),
            for_eyes=True,
        )
        marked = {block.id for block in written.body}
        narration = Narration.objects.filter(story=self.story).first()
        may_take_down = narration and self.request.user.has_perm("takedown.take_down")
        return super().get_context_data(
            story=self.story,
            narration=narration,
            take_down_url=reverse("take_down", args=["audio", narration.pk])
            if may_take_down
            else "",
            said=said,
            passages=[
                (passage, passage.block in marked, passage.block not in left_out)
                for passage in said.passages
            ],
            voice=None if isinstance(voice, choosing.NotRead) else voice,
            no_voice=voice.because if isinstance(voice, choosing.NotRead) else "",
            refused=choosing.is_wanted(self.story),
            no_room=room.sentence(),
            may_change_names=self.request.user.has_perm("narration.add_pronunciation"),
            **({"name": NameForm()} | self._recording() | kwargs),
        )

    def _recording(self) -> dict[str, Any]:
        ready = ready_of(self.story)
        return {
            "ready": ready,
            "waiting": self.story.human_recordings.exclude(state="ready").first(),
            "recording_form": RecordingForm(ready=ready),
            "recording_off": not settings.NIGHTDESK["NIGHTDESK_NARRATION"],
            "may_change_recording": may_change(self.request.user, self.story),
        }


def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it once more, even if no word has changed."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    story = story_to_hear(request, pk)
    flow.want(story, again=True)
    log(instance=story, action=READ_AGAIN, user=request.user)
    messages.success(request, _("It is read again. Readers keep what they have until it is ready."))
    return redirect("story_aloud", pk)


def pull(request: HttpRequest, pk: int) -> HttpResponse:
    """Away with the sound, now, until somebody has it read again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    story = story_to_hear(request, pk)
    flow.pull([story.pk], for_good=True)
    persons.hold([story.pk], HumanRecording.Held.PULLED)
    log(instance=story, action=PULLED, user=request.user)
    messages.success(request, _("Readers get no sound of this story any more."))
    return redirect("story_aloud", pk)


class NameForm(NameOfAVoice, forms.ModelForm):
    class Meta:
        model = Pronunciation
        fields = ["term", "says", "ipa"]


class SayDifferently(StoryAloud):
    """Keep how a name is said, for all stories; those of the last week are read anew. What was
    wrong with it stands beside what was typed."""

    http_method_names = ["post", "get", "head"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return redirect("story_aloud", self.story.pk)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("narration.add_pronunciation"):
            raise PermissionDenied
        language = self.story.locale.language_code
        term = tidy.before(request.POST.get("term", ""))
        known = Pronunciation.objects.filter(language=language, term=term).first()
        form = NameForm(request.POST, instance=known or Pronunciation(language=language))
        form.instance.language = language
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(name=form))
        with transaction.atomic():
            name = form.save()
            log(
                instance=name,
                action="wagtail.edit" if known else "wagtail.create",
                user=request.user,
            )
            remade = set(names.saying(name))
            if not choosing.is_wanted(self.story):
                flow.want(self.story, rank=Narration.NAMES)
                remade.add(self.story.pk)
        messages.success(
            request,
            ngettext(
                "Kept for all stories. %(count)d story of the last week is read anew.",
                "Kept for all stories. %(count)d stories of the last week are read anew.",
                len(remade),
            )
            % {"count": len(remade)},
        )
        # Not to the form, where the browser was sent for what may be wrong: the answer stands above.
        return redirect(reverse("story_aloud", args=[self.story.pk]) + "#")


def hear(request: HttpRequest, pk: int) -> HttpResponse:
    """A sentence with a name said as it was just typed, as a sound. Nothing is kept."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    story = story_to_hear(request, pk)
    language = story.locale.language_code
    voice = choosing.voice_of(language)
    if isinstance(voice, choosing.NotRead):
        return _refused(voice.because)
    if no_room := room.sentence():
        return _refused(no_room)
    form = NameForm(request.POST, instance=Pronunciation(language=language))
    form.instance.language = language
    # Not whether it is new: that somebody said it before is why it is heard now.
    if not form.is_valid():
        return _refused(next(iter(form.errors.values()))[0])
    said = _sentence_with(form.instance, story, request.POST.get("sentence", ""))
    try:
        sound = record.sample(said, voice, flow.workshop() / "sentences")
    except NotRecordedError as error:
        return _refused(_(str(error)))
    return HttpResponse(sound, content_type="audio/mpeg")


def _sentence_with(name: Pronunciation, story: StoryPage, selected: str) -> str:
    """A sentence that says the name, as it would be read from now on: the one that was selected,
    else the story's first that says it, else the name alone."""
    language = name.language
    alone = Lexicon([name.entry], language)
    everything = passages.script(as_written(story), left_out=frozenset(), for_eyes=True)
    written = [" ".join(selected.split())[:400]]
    written += [one.written for passage in everything.passages for one in passage.sentences]
    said = (spoken(one, language) for one in written)
    sentence = next((one for one in said if alone.found_in(one)), f"{name.term}.")
    return passages.lexicon_of(language, name).apply(sentence)


def _refused(sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=422)


def as_written(story: StoryPage) -> StoryPage:
    """What would be read: a draft as it stands, where its page has only what it was begun with."""
    if story.live or not story.latest_revision_id:
        return story
    return story.get_latest_revision_as_object()


def story_to_hear(request: HttpRequest, pk: int) -> StoryPage:
    """404 and 403 as everywhere in the admin. An alias has no sound of its own."""
    story = get_object_or_404(StoryPage.objects.select_related("locale"), pk=pk, alias_of=None)
    if not story.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return story
