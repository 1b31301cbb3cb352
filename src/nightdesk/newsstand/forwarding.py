"""Which headers cross the newsstand, in either direction."""

from __future__ import annotations

from collections.abc import Iterable

from nightdesk.newsstand.vetting import Asked

Headers = list[tuple[str, str]]

#: Between two neighbours only (RFC 9110, 7.6.1); whatever Connection names joins them.
_HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
#: What a client must not tell the site: we do, or nobody does.
_OURS = frozenset(["host", "content-length", "expect", "forwarded", "x-real-ip", "proxy"])
_OURS_BY_PREFIX = ("x-forwarded-", "x-nightdesk-")


def to_site(asked: Asked) -> Headers:
    """The request's headers as the site gets them.

    Names with an underscore are dropped: WSGI cannot tell ``X_Forwarded_For`` from the real one.
    Several Cookie headers become one (RFC 9113, 8.2.3), the only form WSGI applications expect.
    """
    dropped = _HOP_BY_HOP | _OURS | _named_by_connection(asked.headers)
    crossing = [
        (name, value)
        for name, value in asked.headers
        if name not in dropped
        and name != "cookie"
        and "_" not in name
        and not name.startswith(_OURS_BY_PREFIX)
    ]
    cookies = [value for name, value in asked.headers if name == "cookie" and name not in dropped]
    if cookies:
        crossing.append(("cookie", "; ".join(cookies)))
    if asked.length or asked.method not in ("GET", "HEAD", "OPTIONS"):
        crossing.append(("content-length", str(asked.length)))
    crossing += [
        ("host", asked.host),
        ("x-forwarded-for", asked.client),
        ("x-forwarded-proto", asked.scheme),
        ("x-forwarded-host", asked.host),
    ]
    return crossing


def to_reader(headers: Iterable[tuple[str, str]]) -> Headers:
    """The site's headers as the reader gets them, without the length: it follows from the body."""
    lowered = [(name.lower(), value) for name, value in headers]
    dropped = _HOP_BY_HOP | _named_by_connection(lowered) | {"content-length", "server", "date"}
    return [(name, value) for name, value in lowered if name not in dropped]


def _named_by_connection(headers: Headers) -> set[str]:
    named = ",".join(value for name, value in headers if name == "connection")
    return {part.strip().lower() for part in named.split(",") if part.strip()}
