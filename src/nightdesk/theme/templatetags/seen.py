"""What strangers wrote (addresses, what mail servers say), on a page that shows nothing else by it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nightdesk.kernel.text import in_sight as _in_sight

register = template.Library()


@register.filter
def in_sight(words: object) -> SafeString:
    """Nothing in it is out of sight, and it turns nothing that stands beside it: of an address in
    Hebrew letters the domain stays on its right."""
    return format_html('<bdi dir="ltr">{}</bdi>', _in_sight(str(words or "")))
