"""Editions in the admin: the list, the form, and where their own page stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.snippets.models import register_snippet

from nightdesk.editing.forms import MadeFrom
from nightdesk.editing.views import CreateSnippets, EditSnippets
from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.kernel.ids import asked_id
from nightdesk.newsletters.desk import edition_pages as pages
from nightdesk.newsletters.models import Edition

#: Who may send may also change what somebody has approved.
SEND = "newsletters.send_edition"


class EditionForm(MadeFrom, WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.corrects_id:
            # It goes to those who got that newsletter's edition, and to nobody else.
            self.fields["newsletter"].disabled = True

    def save(self, commit: bool = True) -> Edition:
        self.instance.changed_at = timezone.now()
        if self.instance.made_by_id is None and self.for_user is not None:
            self.instance.made_by = self.for_user
        return super().save(commit)


class _Saved:
    """After saving, the page on which it is looked at, tried and sent."""

    object: Edition

    def get_success_url(self) -> str:
        return reverse("edition", args=[self.object.pk])

    def get_success_buttons(self) -> list:
        return []


class WriteEdition(_Saved, CreateSnippets):
    def get_initial_form_instance(self) -> Edition:
        instance = super().get_initial_form_instance() or Edition()
        chosen = asked_id(self.request.GET.get("newsletter", ""))
        if chosen is not None:
            instance.newsletter_id = chosen
        return instance


class EditEdition(_Saved, EditSnippets):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        edition = self.object
        if not edition.is_open:
            messages.info(request, _("What readers have got cannot be changed any more."))
            return redirect("edition", edition.pk)
        if edition.state == Edition.State.SCHEDULED and not request.user.has_perm(SEND):
            messages.info(
                request,
                _("It is approved and scheduled: ask somebody who may send to take it back first."),
            )
            return redirect("edition", edition.pk)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            HeaderButton(
                _("Preview and send"),
                url=reverse("edition", args=[self.object.pk]),
                icon_name="view",
            ),
        ]


class Editions(SnippetsOfOurs):
    model = Edition
    add_view_class = WriteEdition
    edit_view_class = EditEdition
    icon = "mail"
    menu_label = gettext_lazy("Editions")
    menu_name = "editions"
    menu_order = 81
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = [
        TitleColumn(
            "subject",
            label=gettext_lazy("Subject"),
            get_url=lambda edition: reverse("edition", args=[edition.pk]),
        ),
        Column("newsletter", label=gettext_lazy("Newsletter")),
        Column("get_state_display", label=gettext_lazy("State")),
        DateColumn("send_at", label=gettext_lazy("Scheduled for"), sort_key="send_at"),
        DateColumn("started_at", label=gettext_lazy("Sent"), sort_key="started_at"),
    ]
    list_filter = ["newsletter", "state", "kind"]
    ordering = ["-created_at", "-pk"]
    search_backend_name = None
    search_fields = ["subject"]
    edit_handler = ObjectList(
        [
            FieldPanel("newsletter"),
            FieldPanel("subject"),
            FieldPanel("preheader"),
            FieldPanel("body"),
        ],
        base_form_class=EditionForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return Edition.objects.select_related("newsletter")


register_snippet(Editions)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    one = "editions/<int:pk>"
    return [
        path("editions/like-the-last/<int:newsletter>/", pages.like_the_last, name="edition_like"),
        path(f"{one}/", pages.Overview.as_view(), name="edition"),
        path(f"{one}/mail.html", pages.mail_html, name="edition_html"),
        path(f"{one}/test/", pages.send_test, name="edition_test"),
        path(f"{one}/send/", pages.Send.as_view(), name="edition_send"),
        path(f"{one}/schedule/", pages.Schedule.as_view(), name="edition_schedule"),
        path(f"{one}/cancel/", pages.Cancel.as_view(), name="edition_cancel"),
        path(f"{one}/go-on-without/", pages.GoOnWithout.as_view(), name="edition_without"),
        path(f"{one}/correct/", pages.correct, name="edition_correct"),
        path(f"{one}/progress.json", pages.progress, name="edition_progress"),
        path(f"{one}/<slug:verb>/", pages.do, name="edition_do"),
    ]


@hooks.register("register_permissions")
def permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="newsletters", codename="send_edition")


@hooks.register("before_delete_snippet")
def keep_what_was_sent(request: HttpRequest, things: Iterable[Model]) -> HttpResponse | None:
    """Deliveries are the proof of who got what; they go with their edition."""
    for thing in things:
        if isinstance(thing, Edition) and not thing.is_open:
            messages.error(
                request,
                _("“%(subject)s” was not deleted: readers have it, and its report is the proof.")
                % {"subject": thing.subject},
            )
            return redirect("edition", thing.pk)
    return None


@hooks.register("before_bulk_action")
def keep_what_was_sent_in_bulk(
    request: HttpRequest, action: str, things: Iterable[Model], *_args: object
) -> HttpResponse | None:
    return keep_what_was_sent(request, things) if action == "delete" else None
