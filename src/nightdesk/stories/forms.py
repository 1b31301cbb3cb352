"""The story's form: how a new story starts, and what an editor is not shown."""

from __future__ import annotations

import uuid

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from nightdesk.editing.forms import MadeFrom
from nightdesk.people.models import Author, User
from nightdesk.stories import embargo


class StoryForm(MadeFrom, WagtailAdminPageForm):
    #: See `nightdesk.stories.desk.write`.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput())
    #: What was sent and is kept otherwise, in sentences for the editor.
    settled: list[str]

    def __init__(self, data: object = None, files: object = None, **kwargs: object) -> None:
        story = kwargs["instance"]
        if data is None:
            self._begin(story, kwargs.get("for_user"))
        # Rows that were filled in at publishing are not the editor's, and are made anew.
        story.related.set([row for row in story.related.all() if row.chosen])
        super().__init__(data, files, **kwargs)
        if story.pk is None:
            self.fields["key"].initial = uuid.uuid4
        else:
            del self.fields["key"]
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "title" in self.fields:
            self.fields["title"].help_text = ""
            if data is None and story.pk is None:
                self.fields["title"].widget.attrs["autofocus"] = True
        if "embargo_until" in self.fields:
            self.fields["embargo_until"].help_text = _(
                "Nothing of the story goes out before this minute: by no button, schedule or "
                "import. %(zone)s time. It publishes nothing by itself: press Publish then, or set "
                "a schedule; a schedule before this minute is moved to it."
            ) % {"zone": timezone.get_current_timezone_name()}
        if "topics" in self.fields:
            topics = self.fields["topics"]
            topics.queryset = topics.queryset.filter(locale=story.locale_id)
        if "update_matters" in self.fields:
            if story.first_published_at:
                # The tick speaks about one change. The next change starts without it.
                self.initial["update_matters"] = False
            else:
                del self.fields["update_matters"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("key"):
            self.instance.translation_key = cleaned["key"]
        self.settled = []
        self._settle_embargo(cleaned)
        return cleaned

    def _settle_embargo(self, cleaned: dict) -> None:
        """One that holds gets no earlier here; what is planned before it is planned for it."""
        if "embargo_until" not in cleaned:
            return
        wanted = cleaned["embargo_until"]
        until = embargo.later_one(self.instance.embargo_until, wanted)
        if until != wanted:
            cleaned["embargo_until"] = until
            self.settled.append(
                _("The embargo until %(moment)s stays. To end it earlier, lift it.")
                % {"moment": embargo.in_words(until)}
            )
        now, planned = timezone.now(), cleaned.get("go_live_at")
        if not embargo.holds(until, now) or not planned or not now < planned < until:
            return
        cleaned["go_live_at"] = until
        self.settled.append(
            _("The schedule was before the end of the embargo. It is moved to it: %(moment)s.")
            % {"moment": embargo.in_words(until)}
        )
        if cleaned.get("expire_at") and cleaned["expire_at"] <= until:
            self.add_error("expire_at", _("The story would be taken down before it goes out."))

    def clean_title(self) -> str:
        """Its field grows with it, so a line break may be typed into it."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self) -> str:
        """Two stories may have one headline: until it is published, a story's address gives way."""
        story = self.instance
        given = self.cleaned_data["slug"]
        if given and story.first_published_at:
            return given
        title = self.cleaned_data.get("title") or ""
        wanted = (given or slugify(title, allow_unicode=True) or "story")[:240]
        number = 1
        slug = wanted
        while not Page._slug_is_available(slug, self.parent_page, story):
            number += 1
            slug = f"{wanted}-{number}"
        return slug

    @staticmethod
    def _begin(story: object, user: User | None) -> None:
        """A text block to paste into; under a new story's headline, the name of who writes it."""
        if not story.body:
            story.body = [("text", "")]
        author = user.author if user and story.pk is None else None
        if author and not story.bylines.all():
            writes = Author.objects.filter(
                translation_key=author.translation_key, locale=story.locale_id
            ).first()
            if writes:
                story.bylines.add(type(story).bylines.rel.related_model(author=writes))


class SectionForm(MadeFrom, WagtailAdminPageForm):
    pass


class TopicPicker(forms.CheckboxSelectMultiple):
    """Topics as boxes to tick: the one kind of list that works the same under a thumb."""
