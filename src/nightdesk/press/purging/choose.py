"""From the settings to the cache that is told."""

from __future__ import annotations

import importlib

from nightdesk.press.purging.cache import Cache
from nightdesk.settings.table import SettingError, Settings

_ADAPTERS = {
    "varnish": "varnish.Varnish",
    "http": "http.HTTPCache",
    "fastly": "fastly.Fastly",
    "cloudflare": "cloudflare.Cloudflare",
    "cloudfront": "cloudfront.CloudFront",
}


def chosen(settings: Settings) -> Cache | None:
    """The CDN of the settings, or None. Raises ``SettingError`` when a part of it is missing."""
    name = settings["NIGHTDESK_CDN"]
    if not name:
        return None
    if not settings["NIGHTDESK_URL"]:
        raise SettingError(
            f"NIGHTDESK_CDN is {name!r}, but NIGHTDESK_URL is empty; expected the public address "
            "that the CDN serves."
        )
    module, _, made = _ADAPTERS[name].partition(".")
    adapter = getattr(importlib.import_module(f"nightdesk.press.purging.adapters.{module}"), made)
    cache: Cache = adapter(
        {
            "LOCATION": settings["NIGHTDESK_CDN_ADDRESSES"],
            "ID": settings["NIGHTDESK_CDN_ID"],
            "TOKEN": settings["NIGHTDESK_CDN_TOKEN"],
        }
    )
    return cache
