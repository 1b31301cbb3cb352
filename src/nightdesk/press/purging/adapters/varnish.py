"""Varnish with deploy/varnish/default.vcl, which purges by tags (vmod xkey), softly or hard."""

from __future__ import annotations

from nightdesk.press.purging.adapters.http import HTTPCache
from nightdesk.press.purging.cache import ask, in_lots
from nightdesk.press.purging.order import Order
from nightdesk.press.shelf.tags import EVERYTHING, tag

#: Thirteen bytes each; Varnish takes 8 KB in a header.
_AT_ONCE = 400


class Varnish(HTTPCache):
    """Parameters: LOCATION (a sequence of addresses, one for each Varnish), TOKEN (maybe empty)."""

    knows_tags = True
    knows_everything = True

    def send(self, order: Order) -> None:
        tags = (tag(EVERYTHING),) if order.everything else order.tags
        for location in self.locations:
            for lot in in_lots(tags, _AT_ONCE):
                headers = self.headers(order.hard) | {"X-Purge-Tags": " ".join(lot)}
                ask("PURGE", f"{location}/", headers)
        # Addresses as well: what Varnish got while the newsstand was another version has no tags.
        super().send(order)
