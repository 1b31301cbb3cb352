"""The story's form: how a new story starts, and what an editor is not shown."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from nightdesk.editing.forms import MadeFrom
from nightdesk.people.models import Author, User


class StoryForm(MadeFrom, WagtailAdminPageForm):
    #: See `nightdesk.stories.desk.write`.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput())

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
        return cleaned

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
