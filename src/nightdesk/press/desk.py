"""The press in the admin: what readers have, what waits, what cannot be printed and why."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nightdesk.press.standing import LATE, standing_now

#: What upper rooms call what they print, in words; what is not here keeps its own name.
KINDS = {
    "archive_index": gettext_lazy("The archive"),
    "archive_month": gettext_lazy("Months of the archive"),
    "asset": gettext_lazy("Styles and scripts"),
    "author": gettext_lazy("Authors"),
    "brief": gettext_lazy("Briefs"),
    "changes": gettext_lazy("What changed in stories"),
    "corrections": gettext_lazy("Corrections"),
    "coverage": gettext_lazy("Coverage of events"),
    "coverage_entry": gettext_lazy("Updates of a coverage"),
    "coverages": gettext_lazy("Lists of coverage"),
    "desk": gettext_lazy("Desks"),
    "error": gettext_lazy("Error pages"),
    "feed": gettext_lazy("Feeds"),
    "fragment": gettext_lazy("Parts of pages"),
    "home": gettext_lazy("Front pages"),
    "live": gettext_lazy("What is polled live"),
    "news_feed": gettext_lazy("The News Feed"),
    "news_feed_topic": gettext_lazy("The News Feed by topic"),
    "newsletter": gettext_lazy("Newsletters"),
    "newsletter_edition": gettext_lazy("Editions of newsletters"),
    "newsletter_editions": gettext_lazy("Lists of editions"),
    "newsletters": gettext_lazy("The page of newsletters"),
    "redirect": gettext_lazy("Redirects"),
    "robots_txt": gettext_lazy("For robots"),
    "section": gettext_lazy("Sections"),
    "sitemap": gettext_lazy("Sitemaps"),
    "story": gettext_lazy("Stories"),
    "topic": gettext_lazy("Topics"),
}


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
            kinds=sorted(
                (str(KINDS.get(kind, kind)), count) for kind, count in found.kinds.items()
            ),
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
