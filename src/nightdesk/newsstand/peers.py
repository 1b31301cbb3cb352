"""Who is asking: read off the connection, and off headers only when a trusted proxy sent them."""

from __future__ import annotations

import ipaddress
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Seen:
    """The reader's address, and the scheme and host that stand in the reader's address bar."""

    client: str
    scheme: str
    host: str


class Peers:
    """Knows the trusted proxies: addresses or networks (``TRUSTED_PROXIES``)."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._networks = [ipaddress.ip_network(part, strict=False) for part in trusted]

    def seen(self, connection: str, scheme: str, host: str, headers: list[tuple[str, str]]) -> Seen:
        """``connection`` is "address:port" of the other end; ``host`` its Host header."""
        peer = _parse(connection.rpartition(":")[0])
        if peer is None or not self._trusts(peer):
            return Seen(str(peer or ""), scheme, host)
        client = peer
        for hop in reversed(_parts(headers, "x-forwarded-for")):
            address = _parse_hop(hop)
            if address is None:
                break
            client = address
            if not self._trusts(address):
                break
        schemes = _parts(headers, "x-forwarded-proto")
        hosts = _parts(headers, "x-forwarded-host")
        return Seen(
            str(client),
            schemes[-1].lower() if schemes and schemes[-1].lower() in ("http", "https") else scheme,
            hosts[-1].lower() if hosts else host,
        )

    def _trusts(self, address: _Address) -> bool:
        return any(address in network for network in self._networks)


def client_of(address: str) -> Hashable:
    """Whom an address stands for: all of an IPv6 customer's /64, one IPv4 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return int(parsed) >> 64 if parsed.version == 6 else int(parsed)


def _parts(headers: list[tuple[str, str]], wanted: str) -> list[str]:
    values = [value for name, value in headers if name == wanted]
    return [part.strip() for part in ",".join(values).split(",") if part.strip()]


def _parse_hop(text: str) -> _Address | None:
    """An entry of X-Forwarded-For; some proxies add the port: ``192.0.2.1:80``, ``[::1]:80``."""
    if text.startswith("["):
        text = text.partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return _parse(text)


def _parse(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
