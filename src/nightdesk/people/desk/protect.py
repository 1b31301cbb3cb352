"""Protect a name in the admin: what is asked, what will happen, and what nobody can recall."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button

from nightdesk.editing.views import EditSnippets
from nightdesk.people.models import Author, Desk
from nightdesk.people.protecting import actions
from nightdesk.people.protecting.actions import CannotProtectError, Order

MAY = "people.protect_name"


class ProtectForm(forms.Form):
    desk = forms.ModelChoiceField(
        Desk.objects.none(),
        label=gettext_lazy("The desk that signs instead"),
        help_text=gettext_lazy("In every language it signs by the name it has there."),
    )
    also = forms.CharField(
        required=False,
        label=gettext_lazy("Other spellings, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Former names, other alphabets, and in languages that decline names every case: "
            "“Олени Сидоренко”. Capitals, hyphens, apostrophes and spaces make no difference."
        ),
    )
    words = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Words instead of the name in running text"),
        help_text=gettext_lazy("Empty: the desk's name in each language."),
    )
    reason = forms.CharField(
        required=False,
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Only those who may take something down see this. Do not write the name here."
        ),
    )

    def __init__(self, author: Author, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = Desk.objects.filter(locale=author.locale_id)
        self.fields["desk"].queryset = desks
        self.fields["desk"].initial = author.desk_id or (desks.first() if len(desks) == 1 else None)

    def order(self, author: Author) -> Order:
        given = self.cleaned_data
        return Order(
            author, given["desk"], given["also"].splitlines(), given["words"], given["reason"]
        )


class Protect(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks; shows what will happen; does it when that was read."""

    permission_required = MAY
    raise_exception = True
    template_name = "desk/protect.html"
    page_title = gettext_lazy("Protect a name")
    header_icon = "lock"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.author = Author.objects.filter(pk=kwargs["pk"]).first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.author is None and self.has_permission():
            messages.warning(request, actions.already_protected())
            return redirect(reverse(Author.snippet_viewset.get_url_name("list")))
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.page_title)

    def get_page_subtitle(self) -> str:
        return self.author.name

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ProtectForm(self.author, request.POST)
        if not form.is_valid() or "back" in request.POST:
            return self._ask(form)
        order = form.order(self.author)
        try:
            if "protect" not in request.POST:
                return self._ask(form, report=actions.look(order), order=order)
            report = actions.protect(order, by=request.user)
        except CannotProtectError as error:
            form.add_error(None, str(error))
            return self._ask(form)
        stories = len(report.addresses)
        said = ngettext(
            "The name is protected. %(count)d address answers “This page has been taken down.”",
            "The name is protected. %(count)d addresses answer “This page has been taken down.”",
            stories,
        )
        messages.success(request, said % {"count": stories})
        return redirect(reverse(Author.snippet_viewset.get_url_name("list")))

    def _ask(self, form: ProtectForm, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **more))

    def get_context_data(self, **kwargs: Any) -> dict:
        kwargs.setdefault("form", ProtectForm(self.author))
        back = reverse(Author.snippet_viewset.get_url_name("edit"), args=[self.author.pk])
        return super().get_context_data(author=self.author, back=back, **kwargs)


class EditAuthor(EditSnippets):
    """The form of an author, with the button for those who may protect."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if self.request.user.has_perm(MAY):
            url = reverse("protect_name", args=[self.object.pk])
            buttons = [*buttons, Button(_("Protect this name…"), url=url, icon_name="lock")]
        return buttons
