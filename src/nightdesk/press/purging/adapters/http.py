"""Any cache that understands the method PURGE for one address at a time (RFC 9110 names no such
method; Squid, Varnish and others agree on it)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from wagtail.contrib.frontend_cache.backends.http import HTTPBackend

from nightdesk.press.purging.cache import Cache, ask
from nightdesk.press.purging.order import Order


class HTTPCache(Cache, HTTPBackend):
    """Parameters: LOCATION (a sequence of addresses, one for each cache), TOKEN (maybe empty)."""

    knows_tags = False
    knows_everything = False

    def __init__(self, params: dict[str, Any]) -> None:
        self.locations = tuple(params["LOCATION"])
        self.token = params.get("TOKEN", "")
        super().__init__(params | {"LOCATION": self.locations[0]})

    def send(self, order: Order) -> None:
        for location in self.locations:
            for url in order.urls:
                self._purge(location, url, order.hard)

    def doors(self, url: str) -> tuple[str, ...]:
        """Each cache by itself: the public address leads to one of them only."""
        return self.locations

    def _purge(self, location: str, url: str, hard: bool) -> None:
        public = urlsplit(url)
        # 404: it did not hold the page, which is as good.
        ask(
            "PURGE",
            location + (public.path or "/"),
            self.headers(hard),
            host=public.netloc,
            accept=(200, 202, 204, 404),
        )

    def headers(self, hard: bool) -> dict[str, str]:
        told = {"X-Purge": "hard" if hard else "soft"}
        return told | {"X-Purge-Token": self.token} if self.token else told
