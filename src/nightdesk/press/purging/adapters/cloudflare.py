"""Cloudflare: purging by tags, on every plan; it knows hard purges only.

The free plan takes 5 requests a minute: what is refused with 429 is sent again, and meanwhile the
lifetimes of ``press.shelf.caching`` hold.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from wagtail.contrib.frontend_cache.backends.cloudflare import CloudflareBackend

from nightdesk.press.purging.cache import Cache, PurgeError, ask, in_lots
from nightdesk.press.purging.order import Order

#: "Max operations per request" of the cheapest plan.
_AT_ONCE = 100


class Cloudflare(Cache, CloudflareBackend):
    """Parameters: ID (of the zone), TOKEN, API (Cloudflare's own address when absent)."""

    def __init__(self, params: dict[str, Any]) -> None:
        zone = params["ID"]
        token = params["TOKEN"]
        super().__init__({"ZONEID": zone, "BEARER_TOKEN": token})
        api = params.get("API") or "https://api.cloudflare.com"
        self.door = f"{api}/client/v4/zones/{quote(zone, safe='')}/purge_cache"

    def send(self, order: Order) -> None:
        if order.everything:
            return self._ask({"purge_everything": True})
        for lot in in_lots(order.tags, _AT_ONCE):
            self._ask({"tags": list(lot)})
        if not order.tags:
            for lot in in_lots(order.urls, _AT_ONCE):
                self._ask({"files": list(lot)})

    def _ask(self, what: dict[str, object]) -> None:
        headers = {
            "Authorization": f"Bearer {self.cloudflare_token}",
            "Content-Type": "application/json",
        }
        said = ask("POST", self.door, headers, json.dumps(what).encode())
        try:
            answer = json.loads(said)
        except ValueError as error:
            raise PurgeError("Cloudflare's answer is no JSON.") from error
        if not answer.get("success"):
            told = ", ".join(str(one.get("message")) for one in answer.get("errors", []))
            raise PurgeError(f"Cloudflare refused: {told or 'it gave no reason'}.")
