"""What pages with a live list say: its rows, and up to where they know what has happened."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from nightdesk.briefs import live
from nightdesk.briefs.live import Row

register = template.Library()


@register.filter
def latest(rows: Sequence[Row]) -> str:
    return live.latest(rows)


@register.simple_tag
def live_row(row: Row, is_open: bool = False) -> SafeString:
    """A row's own HTML, the same that the live document has; ``is_open`` opens its details."""
    html = row.html
    if is_open:
        html = html.replace(" data-version=", " open data-version=", 1)
    return mark_safe(html)
