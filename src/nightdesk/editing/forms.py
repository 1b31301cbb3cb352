"""A form that says which version it was made from, where Wagtail's own does not."""

from __future__ import annotations

from django import forms

from nightdesk.editing import versions


class MadeFrom:
    """Mixin for forms of the admin. Adds nothing to the form of something new, nor to that of
    something with revisions, whose forms carry the latest."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or getattr(self.instance, "latest_revision_id", None):
            return
        made_from = versions.digest(type(self), self.instance.pk)
        field = forms.CharField(required=False, widget=forms.HiddenInput(), initial=made_from)
        self.fields[versions.MADE_FROM] = field
