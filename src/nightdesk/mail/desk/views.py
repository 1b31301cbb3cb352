"""Mail in the admin: does it leave, what waits, and without a relay what is in the folder.

Who can read other people's mail can become them: a link for a new password is a mail. So a mail to
somebody who has an account here is shown to that person and to owners only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.mail import awaited, health, mailbox
from nightdesk.mail.mailbox import Mail
from nightdesk.mail.models import OutgoingMail, Relay

READ = "mail.read_mail"
_PAGE, _SHOWN = 50, 50
State = OutgoingMail.State

#: What the HTML of a mail may do: be read. Nothing is fetched, from here or anywhere; no script, no
#: form, no frame; and as a document of nobody's it has no part in the reader's session.
_ONLY_READ = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox"
)


class _Allowed(PermissionRequiredMixin):
    permission_required = READ
    raise_exception = True


class _Page(_Allowed, WagtailAdminTemplateMixin, TemplateView):
    header_icon = "mail"
    page_title = gettext_lazy("Mail")

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class Overview(_Page):
    template_name = "desk/mail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        found = health.leaving()
        waiting = OutgoingMail.objects.filter(state__in=(State.QUEUED, State.SENDING))
        names = mailbox.listed(_folder(), self.request.GET.get("before", ""), _PAGE + 1)
        return super().get_context_data(
            leaving=found,
            now=timezone.now(),
            sentence=health.in_a_sentence(found),
            relay=Relay.objects.filter(name=health.relay_name()).first(),
            relay_name=health.relay_name(),
            folder=health.relay_name() == health.FOLDER,
            count=waiting.count(),
            waiting=_without_content(waiting.order_by("created_at", "pk")),
            settled=_without_content(
                OutgoingMail.objects.filter(settled_at__isnull=False).order_by("-settled_at")
            ),
            files=[_line(name, self.request.user) for name in names[:_PAGE]],
            older=names[_PAGE - 1] if len(names) > _PAGE else "",
            newest=bool(self.request.GET.get("before")),
            **kwargs,
        )


class TryNow(_Allowed, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        count = awaited.try_now()
        said = ngettext(
            "%(count)s mail is tried within a minute. See below then what the relay says.",
            "%(count)s mails are tried within a minute. See below then what the relay says.",
            count,
        )
        messages.success(request, said % {"count": count})
        return redirect("mail")


class OneMail(_Page):
    template_name = "desk/one_mail.html"

    def get_context_data(self, name: str, **kwargs: Any) -> dict:
        self.mail = _readable(self.request, name)
        return super().get_context_data(mail=self.mail, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        here = {"url": "", "label": self.mail.subject or _("(no subject)")}
        return [*self.breadcrumbs_items, {"url": reverse("mail"), "label": _("Mail")}, here]


class Document(_Allowed, View):
    """The HTML part, as a document of its own."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        response = HttpResponse(_readable(request, name).html)
        response["Content-Security-Policy"] = _ONLY_READ
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response


class Download(_Allowed, View):
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        _readable(request, name)
        response = HttpResponse(
            mailbox.content(_folder(), name), content_type="application/octet-stream"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store"
        return response


def _folder() -> Path:
    return Path(settings.DATA) / "mail"


def _without_content(rows: QuerySet[OutgoingMail]) -> list[OutgoingMail]:
    return list(rows.defer("content")[:_SHOWN])


def _readable(request: HttpRequest, name: str) -> Mail:
    content = mailbox.content(_folder(), name)
    if content is None:
        raise Http404
    mail = Mail(name, content)
    if not may_read(request.user, mail):
        raise Http404
    return mail


def may_read(user: Any, mail: Mail) -> bool:
    if user.is_superuser:
        return True
    own = (user.email or "").lower()
    for address in mail.recipients:
        if address != own and get_user_model().objects.filter(email__iexact=address).exists():
            return False
    return bool(mail.recipients)


def _line(name: str, user: Any) -> dict[str, Any]:
    mail = Mail(name, mailbox.content(_folder(), name) or b"")
    return {
        "name": name,
        "mail": mail,
        "readable": may_read(user, mail),
        "subject": mail.subject or _("(no subject)"),
    }
