"""CloudFront: invalidation by address; it knows neither tags nor soft purges.

Not built on Wagtail's backend, which needs boto3 (15 MB for one request) and swallows failures.
Each address costs money beyond the first thousand a month, so nothing is sent twice.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from nightdesk.press.purging.adapters.signing import sign
from nightdesk.press.purging.cache import Cache, ask, in_lots
from nightdesk.press.purging.order import Order

_API = "https://cloudfront.amazonaws.com"
_NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
#: Paths that may be under way at once.
_AT_ONCE = 3000


class CloudFront(Cache):
    """Parameters: ID (of the distribution), TOKEN ("key id:secret"), API (theirs when absent)."""

    knows_tags = False
    twice = False

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        distribution = quote(params["ID"], safe="")
        key, _, secret = params["TOKEN"].partition(":")
        self.key, self.secret = key, secret
        api = params.get("API") or _API
        self.door = f"{api}/2020-05-31/distribution/{distribution}/invalidation"

    def send(self, order: Order) -> None:
        paths = ["/*"] if order.everything else [urlsplit(url).path or "/" for url in order.urls]
        for lot in in_lots(paths, _AT_ONCE):
            body = _invalidation(lot)
            now = datetime.datetime.now(datetime.UTC)
            headers = {
                "Host": urlsplit(self.door).netloc,
                "X-Amz-Content-Sha256": hashlib.sha256(body).hexdigest(),
                "X-Amz-Date": now.strftime("%Y%m%dT%H%M%SZ"),
            }
            # CloudFront is one service for the whole world and signs as if it were in us-east-1.
            headers["Authorization"] = sign(
                "POST",
                urlsplit(self.door).path,
                headers,
                body,
                key=self.key,
                secret=self.secret,
                region="us-east-1",
                service="cloudfront",
            )
            del headers["Host"]
            headers["Content-Type"] = "text/xml"
            ask("POST", self.door, headers, body, accept=(201,))


def _invalidation(paths: Any) -> bytes:
    items = "".join(f"<Path>{escape(path)}</Path>" for path in paths)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><InvalidationBatch xmlns="{_NAMESPACE}">'
        f"<Paths><Quantity>{len(paths)}</Quantity><Items>{items}</Items></Paths>"
        f"<CallerReference>{uuid.uuid4()}</CallerReference></InvalidationBatch>"
    ).encode()
