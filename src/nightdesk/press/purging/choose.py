"""From the settings to the cache that is told."""

from __future__ import annotations

import importlib

from nightdesk.press.purging.cache import Cache
from nightdesk.settings.table import Settings

_ADAPTERS = {
    "varnish": "varnish.Varnish",
    "http": "http.HTTPCache",
    "fastly": "fastly.Fastly",
    "cloudflare": "cloudflare.Cloudflare",
    "cloudfront": "cloudfront.CloudFront",
}


def chosen(settings: Settings) -> Cache | None:
    """The CDN of the settings, or None. Raises ``SettingError`` when a part of it is missing."""
    if not settings.cdn:
        return None
    module, _, made = _ADAPTERS[settings.cdn].partition(".")
    adapter = getattr(importlib.import_module(f"nightdesk.press.purging.adapters.{module}"), made)
    cache: Cache = adapter(
        {
            "LOCATION": settings["NIGHTDESK_CDN_ADDRESSES"],
            "ID": settings["NIGHTDESK_CDN_ID"],
            "TOKEN": settings["NIGHTDESK_CDN_TOKEN"],
        }
    )
    return cache
