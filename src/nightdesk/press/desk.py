"""The press in the admin: what readers have, what waits, what cannot be printed and why."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.press.standing import LATE, standing_now


class Report(WagtailAdminTemplateMixin, TemplateView):
    """For everybody in the newsroom: it names public addresses, and the reasons of faults."""

    template_name = "desk/press.html"
    page_title = gettext_lazy("Press")
    header_icon = "doc-full"

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict:
        found = standing_now()
        last = found.last and (found.last[0], _moment(found.last[1]))
        missed = [(path, _moment(when)) for path, when in reversed(found.missed_paths)]
        return super().get_context_data(
            standing=found,
            sentence=_in_a_sentence(found),
            kinds=sorted(found.kinds.items()),
            trouble=sorted(found.trouble.items()),
            last=last,
            missed=missed,
            **kwargs,
        )


def _in_a_sentence(found: Any) -> str:
    if not found.at_work:
        return _(
            "The press is not running: readers keep the pages that were printed, and changes do "
            "not reach them. Ask whoever runs this site."
        )
    if not found.shelf:
        return _("The press is about to begin.")
    if found.oldest > LATE:
        return _("The press is behind: some pages have waited for more than a minute.")
    if found.trouble:
        return _("Everything else is with readers; these pages cannot be printed.")
    if not found.complete:
        return _("The press prints everything for the first time, or for a new release.")
    return _("Readers have everything as it is now.")


def _moment(epoch: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(epoch, datetime.UTC)
