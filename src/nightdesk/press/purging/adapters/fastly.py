"""Fastly: purging by surrogate keys, softly or hard."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from nightdesk.press.purging.cache import Cache, ask, in_lots
from nightdesk.press.purging.order import Order
from nightdesk.press.shelf.tags import EVERYTHING, tag

_AT_ONCE = 256


class Fastly(Cache):
    """Parameters: ID (of the service), TOKEN, API (Fastly's own address when absent)."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        service = quote(params["ID"], safe="")
        self.token = params["TOKEN"]
        self.api = params.get("API") or "https://api.fastly.com"
        self.door = f"{self.api}/service/{service}/purge"

    def send(self, order: Order) -> None:
        # Purging all at once is always hard at Fastly; the tag that everything carries can be soft.
        tags = (tag(EVERYTHING),) if order.everything else order.tags
        for lot in in_lots(tags, _AT_ONCE):
            body = json.dumps({"surrogate_keys": list(lot)}).encode()
            ask("POST", self.door, self._headers(order.hard), body)
        if not tags:
            for url in order.urls:
                address = url.partition("://")[2]
                ask("POST", f"{self.api}/purge/{address}", self._headers(order.hard))

    def _headers(self, hard: bool) -> dict[str, str]:
        told = {"Fastly-Key": self.token, "Content-Type": "application/json"}
        return told if hard else told | {"Fastly-Soft-Purge": "1"}
