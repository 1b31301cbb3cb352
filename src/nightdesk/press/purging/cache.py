"""The port: a CDN or cache that can be told to let go. Its contract: tests/press/purging/."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from wagtail.contrib.frontend_cache.backends.base import BaseBackend

from nightdesk.press.purging.order import Order

log = logging.getLogger("nightdesk.press.purging")

#: Seconds that a CDN's door may take to answer.
PATIENCE = 10.0
T = TypeVar("T")


class PurgeError(Exception):
    """The CDN did not do it; the message says what it said, without tokens."""


class Cache(BaseBackend):
    """One of Wagtail's frontend-cache backends that also knows tags, soft and hard, and raises.

    ``knows_tags``: answers carry tags, and a purge names them; otherwise addresses.
    ``knows_everything``: it can be told to let go of all at once. ``twice``: each purge is worth
    repeating after 2 s, because a shield may have given an edge the old answer in between.
    """

    knows_tags = True
    knows_everything = True
    twice = True

    def send(self, order: Order) -> None:
        """Tell it. Raises ``PurgeError``; then the whole order is sent again later."""
        raise NotImplementedError

    def doors(self, url: str) -> Sequence[str]:
        """Where to ask whether it has let go, as a reader would; ``url`` is the public address."""
        return (url,)

    def purge(self, url: str) -> None:
        self.purge_batch([url])

    def purge_batch(self, urls: Iterable[str]) -> None:
        """As Wagtail calls it: a failure is logged, nothing is raised."""
        try:
            self.send(Order(urls=tuple(urls), hard=True))
        except PurgeError as error:
            log.error("%s", error)


def ask(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    accept: Sequence[int] = (200,),
    host: str = "",
) -> bytes:
    """One request to a CDN's door; the answer's body. Raises ``PurgeError``.

    ``host``: what the request calls the site when it is not the door's own name.
    """
    door = urlsplit(url)
    kind = http.client.HTTPSConnection if door.scheme == "https" else http.client.HTTPConnection
    connection = kind(door.netloc, timeout=PATIENCE)
    target = door.path or "/"
    if door.query:
        target += f"?{door.query}"
    try:
        connection.putrequest(method, target, skip_host=bool(host), skip_accept_encoding=True)
        if host:
            connection.putheader("Host", host)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        said = answer.read(64 * 1024)
    except (TimeoutError, OSError, http.client.HTTPException) as error:
        raise PurgeError(f"{door.netloc} cannot be reached ({_words(error)}).") from error
    finally:
        connection.close()
    if answer.status not in accept:
        text = " ".join(said.decode("utf-8", "replace").split())[:200]
        raise PurgeError(f"{door.netloc} answered {answer.status} {answer.reason}: {text}")
    return said


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def in_lots(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """As many at once as a CDN takes."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
