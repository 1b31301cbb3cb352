"""``{% fragment "news-feed" %}`` puts a shared piece in its place on a page."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from nightdesk.press import fragments
from nightdesk.press.printing.slots import slots_here

register = template.Library()


@register.simple_tag
def fragment(name: str) -> SafeString:
    """The named piece in the page's language; see `nightdesk.press.fragments`.

    While the press prints, only its place: readers get the piece as it is when they ask.
    """
    language = get_language()
    slots = slots_here()
    if slots:
        fragments.must_know(name)
        return mark_safe(slots.mark(name, language))
    return mark_safe(fragments.render(name, language))
