"""The audit in the admin: who did what, whether the chain is whole, and the button that freezes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import registry

from nightdesk.audit import chain
from nightdesk.audit.chain import Entry
from nightdesk.audit.freezing import freeze
from nightdesk.audit.look import alarms, last_round
from nightdesk.kernel.ids import asked_id
from nightdesk.people.reauthentication import ask

_PAGE = 50
_COLUMNS = (
    *("seq", "at", "name", "who", "action", "object", "kind", "label", "revision", "content"),
    *("stands", "session", "note", "before", "hash", "mac"),
)
READ, FREEZE = "audit.view_audit", "audit.freeze_newsroom"


class _Allowed(PermissionRequiredMixin):
    raise_exception = True


class _Page(_Allowed, WagtailAdminTemplateMixin, TemplateView):
    header_icon = "lock"

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


def action_in_words(action: str) -> str:
    registry.scan_for_actions()
    known = registry.formatters.get(action)
    return str(known.label) if known else action


class Report(_Page):
    permission_required = READ
    template_name = "desk/audit.html"
    page_title = gettext_lazy("Audit")

    def get_context_data(self, **kwargs: Any) -> dict:
        asked = self.request.GET
        name, action = asked.get("person", ""), asked.get("action", "")
        before = asked_id(asked.get("before", "")) or 0
        try:
            with chain.reading() as book:
                listed = {"name": name, "action": action, "before": before, "count": _PAGE + 1}
                entries = book.listed(**listed) if book else []
                people = book.named("name") if book else []
                actions = book.named("action") if book else []
                count = book.count() if book else 0
            round_ = last_round()
        except chain.AuditTrouble:
            entries, people, actions, count, round_ = [], [], [], 0, {}
        rows = entries[:_PAGE]
        older = {"person": name, "action": action, "before": rows[-1].seq} if rows else {}
        return super().get_context_data(
            entries=[_row(entry) for entry in rows],
            older=urlencode(older) if len(entries) > _PAGE else "",
            newest="" if not before else urlencode({"person": name, "action": action}),
            people=people,
            actions=sorted((action_in_words(each), each) for each in actions),
            person=name,
            action=action,
            count=count,
            alarms=alarms(),
            looked=round_.get("looked"),
            ended=parse_datetime(round_["ended"]) if round_.get("ended") else None,
            may_freeze=self.request.user.has_perm(FREEZE),
            **kwargs,
        )


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "at": parse_datetime(entry.at),
        "action": action_in_words(entry.action),
        "reason": entry.note.get("reason") or (entry.note.get("log") or {}).get("reason", ""),
    }


class Export(_Allowed, View):
    """Everything, oldest first: as JSON lines with every hash, or as a table for people. Handed out
    on a recent proof only."""

    permission_required = READ

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.has_permission():
            return self.handle_no_permission()
        return ask(request) or super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        if request.GET.get("format") == "csv":
            lines, kind, ending = _as_table(), "text/csv; charset=utf-8", "csv"
        else:
            lines = (f"{entry.as_json()}\n" for entry in _everything())
            kind, ending = "application/x-ndjson; charset=utf-8", "jsonl"
        response = StreamingHttpResponse(lines, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="audit.{ending}"'
        return response


def _everything() -> Iterator[Entry]:
    seq = 0
    while True:
        with chain.reading() as book:
            entries = book.after(seq, 500) if book else []
        if not entries:
            return
        yield from entries
        seq = entries[-1].seq


class _Line:
    """A file that hands each line on."""

    def write(self, line: str) -> str:
        return line


def _as_table() -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(_COLUMNS)
    for entry in _everything():
        yield writer.writerow([_cell(getattr(entry, name)) for name in _COLUMNS])


def _cell(value: Any) -> Any:
    """A headline that begins like a formula must not be one in somebody's spreadsheet."""
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


class Freeze(_Page):
    permission_required = FREEZE
    template_name = "desk/freeze.html"
    page_title = gettext_lazy("Freeze the newsroom")

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(data=settings.DATA, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = ask(request)
        if asked:
            return asked
        if request.POST.get("sure") != "yes":
            said = _("Tick that you are sure: this signs everybody out, you too.")
            return self.render_to_response(self.get_context_data(wrong=said))
        user = request.user
        freeze(request.POST.get("reason", "").strip()[:500], user.get_username(), user.pk)
        logout(request)
        # An error answer would undo the transaction, and with it the end of the sessions. The page
        # that this leads to says that the newsroom is frozen.
        return redirect("wagtailadmin_home")
