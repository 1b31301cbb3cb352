"""``{% fragment "news-feed" %}`` puts a shared piece in its place on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from nightdesk.press import fragments

register = template.Library()


@register.simple_tag
def fragment(name: str) -> SafeString:
    """The named piece in the page's language; see `nightdesk.press.fragments`."""
    return mark_safe(fragments.render(name, get_language()))
