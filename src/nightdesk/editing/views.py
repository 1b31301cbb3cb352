"""Two editors in one form: nobody's save goes over another's unseen.

The mixins stand in front of Wagtail's own form views. A form that was made before somebody else's
save is answered by a page (409) that holds everything it sent, beside what is saved; its buttons
send the same fields to the same address again, so that it works without JavaScript. A form whose
text was kept in the browser comes back through the same door.
"""

from __future__ import annotations

import copy
import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.admin.views.pages.create import CreateView as CreatePage
from wagtail.admin.views.pages.edit import EditView as EditPage
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.log_actions import log
from wagtail.models import Revision
from wagtail.snippets.views.snippets import CreateView as CreateSnippet
from wagtail.snippets.views.snippets import EditView as EditSnippet

from nightdesk.editing import rows, text_of, versions
from nightdesk.editing.differences import Difference, differing

#: The field that says what is to become of a text: one of `MINE`, `THEIRS`, `PUT_BACK`.
CHOICE = "what_becomes_of_it"
MINE, THEIRS, PUT_BACK = "mine", "theirs", "put_back"

#: How a text that gave way to another's is named in the history.
SET_ASIDE = "nightdesk.set_aside"
#: How a version that had no history is named in it, when another took its place.
REPLACED = "nightdesk.replaced"

_NOT_KEPT = ("password", "csrfmiddlewaretoken", CHOICE)
_MOMENT = datetime.timedelta(microseconds=1)


class OneAfterTheOther:
    """What both of Wagtail's edit views have in common. On PostgreSQL the row is locked first, so
    that of two saves at one moment the second sees the first; on SQLite the request's transaction
    has begun with the only write lock there is. The lock leaves the key alone: whoever publishes a
    story that leads to this one holds the outbox and wants only that."""

    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        thing = self.thing_edited()
        type(thing)._base_manager.select_for_update(of=("self",), no_key=True).filter(
            pk=thing.pk
        ).first()
        self.newest = versions.latest_revision(thing)
        choice = request.POST.get(CHOICE)
        if choice == THEIRS:
            return self._take_theirs()
        if versions.is_stale(request.POST, self.newest, self._row):
            if self.expects_json_response:
                # What Wagtail's automatic save says itself; here it is asked with the row locked.
                return self.json_error_response(
                    "invalid_revision",
                    _("%(what)s Save, to see both texts.") % {"what": self._what()},
                )
            return self.differs()
        if choice not in (MINE, PUT_BACK):
            return super().post(request, *args, **kwargs)
        request.POST = rows.as_sent(thing, self.kind_of_form(), request.POST)
        if choice == PUT_BACK:
            return put_back(self)
        replaced = None if self.newest else self._fields_of_theirs()
        response = super().post(request, *args, **kwargs)
        if replaced and response.status_code == 302:
            self._remember(replaced)
        return response

    def _row(self) -> str:
        return versions.digest(self.kind_of_form(), self.thing_edited().pk)

    def _fields_of_theirs(self) -> list[text_of.Field]:
        """Of the form as it would be shown now."""
        return list(text_of.fields_of(self.form_of(self.thing_saved()), self.panel_edited()))

    def _mine(self) -> forms.ModelForm:
        """The form as it was sent, bound to a copy that nothing else sees."""
        thing = self.thing_saved()
        form = self.form_of(thing, rows.as_sent(thing, self.kind_of_form(), self.request.POST))
        if hasattr(form, "defer_required_fields"):
            form.defer_required_fields()
        form.is_valid()
        return form

    def _saved(self) -> versions.Saved:
        return versions.who_saved(self.thing_edited(), self.newest)

    def _what(self) -> str:
        """What happened, in a sentence."""
        return versions.sentence(self._saved(), self.thing_edited(), self.request.user.pk)

    def _page(self, status: int, **more: Any) -> TemplateResponse:
        saved = self._saved()
        own = saved.account == self.request.user.pk
        context = {
            "page_title": _("Not saved yet"),
            "sentence": self._what(),
            "whose": "" if own else saved.name,
            "own": own,
            "history": self.newest is not None,
            "publishing": "action-publish" in self.request.POST,
            "fields": list(text_of.fields_of(self._mine(), self.panel_edited())),
            "differences": self.differences(),
            "address": self.address_of_form(),
            "sent": self._to_be_sent_again(),
            "choice": CHOICE,
            "mine": MINE,
            "theirs": THEIRS,
            **more,
        }
        response = TemplateResponse(self.request, "editing/differs.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response

    def differs(self) -> HttpResponse:
        return self._page(409)

    def differences(self) -> list[Difference]:
        """Between what is saved and what was sent."""
        return differing(
            self._fields_of_theirs(), text_of.fields_of(self._mine(), self.panel_edited())
        )

    def _to_be_sent_again(self) -> list[tuple[str, str]]:
        """Everything, as if made from the newest version: the next save goes on top of that."""
        sent = [
            (name, value)
            for name, values in self.request.POST.lists()
            for value in values
            if name not in versions.SAYS and not any(word in name for word in _NOT_KEPT)
        ]
        return sent + list(versions.as_new(self.newest, self._row).items())

    def _take_theirs(self) -> HttpResponse:
        """Their version stays; mine goes into the history beside it, or onto a page to copy from."""
        form = self._mine()
        if self.newest is None or not form.is_valid():
            return self._page(200, taken=True)
        mine = form.save(commit=False)
        # A moment older than theirs, so that theirs remains the newest.
        revision = Revision.objects.create(
            content_object=mine,
            base_content_type=self.newest.base_content_type,
            user=self.request.user,
            created_at=self.newest.created_at - _MOMENT,
            object_str=str(mine)[:255],
            content=mine.serializable_data(),
        )
        log(
            instance=self.thing_edited(),
            action=SET_ASIDE,
            user=self.request.user,
            revision=revision,
            content_changed=True,
        )
        see = messages.button(self.address_of_comparison(revision), _("See yours beside it"))
        messages.success(
            self.request,
            _("Nothing was changed. Your text is kept in the history."),
            buttons=[see],
        )
        return redirect(self.address_of_form())

    def _remember(self, replaced: list[text_of.Field]) -> None:
        """What has no revisions has no history: what was there is written into the log."""
        log(
            instance=self.thing_edited(),
            action=REPLACED,
            user=self.request.user,
            content_changed=True,
            data={"was": [[field.label, field.text] for field in replaced if field.text]},
        )


def put_back(view: Any) -> HttpResponse:
    """The form filled with what was sent, nothing saved."""
    view.form = form = view.form_sent()
    if hasattr(form, "defer_required_fields"):
        form.defer_required_fields()
    form.is_valid()
    if hasattr(form, "restore_required_fields"):
        form.restore_required_fields()
    messages.success(view.request, _("Your text is back in the form. Look at it, and save."))
    view.has_unsaved_changes = True
    return view.render_to_response(view.get_context_data(form=form))


class PutsBack:
    """Mixin for the forms of something new."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get(CHOICE) == PUT_BACK:
            return put_back(self)
        return super().post(request, *args, **kwargs)


class _OfPages:
    """How Wagtail's page form is asked for what is needed here."""

    def thing_edited(self) -> Model:
        return self.page

    def thing_saved(self) -> Model:
        page = type(self.real_page_record).objects.get(pk=self.real_page_record.pk)
        return page.get_latest_revision_as_object().specific

    def kind_of_form(self) -> type:
        return self.form_class

    def panel_edited(self) -> Panel:
        return self.edit_handler

    def form_of(self, thing: Model, data: QueryDict | None = None) -> forms.ModelForm:
        return self.form_class(
            data,
            instance=thing,
            subscription=copy.copy(self.subscription),
            parent_page=self.parent,
            for_user=self.request.user,
        )

    def form_sent(self) -> forms.ModelForm:
        return self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )

    def address_of_form(self) -> str:
        return self.get_edit_url()

    def address_of_comparison(self, mine: Revision) -> str:
        names = [self.page.pk, mine.pk, self.newest.pk]
        return reverse("wagtailadmin_pages:revisions_compare", args=names)


class _OfSnippets:
    def thing_edited(self) -> Model:
        return self.object

    def thing_saved(self) -> Model:
        thing = self.model._default_manager.get(pk=self.object.pk)
        revision = getattr(thing, "latest_revision", None)
        return revision.as_object() if revision and self.draftstate_enabled else thing

    def kind_of_form(self) -> type:
        return self.get_form_class()

    def panel_edited(self) -> Panel | None:
        return self.panel

    def form_of(self, thing: Model, data: QueryDict | None = None) -> forms.ModelForm:
        wanted = {"instance": thing, "for_user": self.request.user}
        return self.get_form_class()(data, **wanted)

    def form_sent(self) -> forms.ModelForm:
        return self.get_form()

    def address_of_form(self) -> str:
        return self.get_edit_url()

    def address_of_comparison(self, mine: Revision) -> str:
        names = [self.object.pk, mine.pk, self.newest.pk]
        return reverse(self.revisions_compare_url_name, args=names)


class EditPages(_OfPages, OneAfterTheOther, EditPage):
    """In every `PageViewSet` of ours as ``edit_view_class``."""


class RevertPages(_OfPages, OneAfterTheOther, RevisionsRevertView):
    """… and as ``revisions_revert_view_class``."""


class EditSnippets(_OfSnippets, OneAfterTheOther, EditSnippet):
    """In every `SnippetViewSet` of ours as ``edit_view_class``."""


class CreatePages(PutsBack, CreatePage):
    """In every `PageViewSet` of ours as ``add_view_class``."""

    def form_sent(self) -> forms.ModelForm:
        return self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent_page,
            for_user=self.request.user,
        )


class CreateSnippets(PutsBack, CreateSnippet):
    """In every `SnippetViewSet` of ours as ``add_view_class``."""

    def form_sent(self) -> forms.ModelForm:
        return self.get_form()
