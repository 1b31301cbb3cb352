"""Past editions on a newsletter's page: ``{% past_editions newsletter %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from nightdesk.newsletters.editions.lists import past
from nightdesk.newsletters.models import Newsletter
from nightdesk.press.addresses import address

register = template.Library()

#: On the newsletter's own page; the rest is one step away.
SHOWN = 5


@register.filter
def on_site(words: str) -> str:
    """Full addresses of this site, alone or in HTML, as its own pages have them: a copy of the site
    under another name leads to itself."""
    own = f"{settings.PUBLIC_URL}/"
    if words.startswith(own):
        return "/" + words.removeprefix(own)
    return words.replace(f'href="{own}', 'href="/')


@register.inclusion_tag("newsletters/editions/past.html")
def past_editions(newsletter: Newsletter) -> dict[str, Any]:
    return {
        "newsletter": newsletter,
        "editions": past(newsletter, SHOWN),
        "all_url": address("newsletter_editions", newsletter.language, slug=newsletter.slug),
        "feed_url": address("newsletter_feed", newsletter.language, slug=newsletter.slug),
    }
