"""Coverage of an event as it happens: what it is called, and the updates that are sent to it."""

from nightdesk.coverage.models.coverage import Coverage, CoverageByline
from nightdesk.coverage.models.entry import Entry, EntryByline, EntryCorrection
from nightdesk.coverage.models.search_due import SearchDue

__all__ = [
    "Coverage",
    "CoverageByline",
    "Entry",
    "EntryByline",
    "EntryCorrection",
    "SearchDue",
]
