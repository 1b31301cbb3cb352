"""What is being covered now, for the home page."""

from django.template.loader import render_to_string

from nightdesk.coverage.models import Coverage

#: Coverages under way that the block names.
SHOWN = 3


def live_now(language: str) -> str:
    """Empty while nothing is."""
    coverages = Coverage.under_way(language)[:SHOWN]
    return (
        render_to_string("components/live_now.html", {"coverages": coverages}) if coverages else ""
    )
