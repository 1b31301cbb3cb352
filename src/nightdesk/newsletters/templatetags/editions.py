"""How parts of an edition stand on its page: ``{{ part.url|on_site }}``."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def on_site(words: str) -> str:
    """Full addresses of this site, alone or in HTML, as its own pages have them: a copy of the site
    under another name leads to itself."""
    own = f"{settings.PUBLIC_URL}/"
    if words.startswith(own):
        return "/" + words.removeprefix(own)
    return words.replace(f'href="{own}', 'href="/')
