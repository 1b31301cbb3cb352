"""Ask the DNS. A port, so that the doctor can be shown another one: a resolver in a test, or
`nightdesk mail doctor --resolver 9.9.9.9`."""

from __future__ import annotations

import contextlib
import ipaddress

import dns.exception
import dns.resolver
import dns.reversename

#: Seconds for one question, other name servers included.
PATIENCE = 5.0


class NoDNSError(Exception):
    """Nobody answers: nothing can be said about any name."""


class Names:
    """``resolver``: ``address`` or ``address:port`` of a name server; empty: this machine's."""

    def __init__(self, resolver: str = "") -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not resolver)
        except dns.resolver.NoResolverConfiguration as error:
            raise NoDNSError("this machine has no name server") from error
        if resolver:
            host, port = _host_and_port(resolver)
            self._resolver.nameservers = [host]
            self._resolver.port = port
        self._resolver.lifetime = PATIENCE
        self._resolver.cache = dns.resolver.Cache()

    def texts(self, name: str) -> list[str]:
        """TXT records, each as one text, however it was cut into pieces."""
        found = self._ask(name, "TXT")
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    def mail_hosts(self, name: str) -> list[str]:
        """By preference; ``["."]``: the domain says that it takes no mail (RFC 7505)."""
        found = sorted(self._ask(name, "MX"), key=lambda record: record.preference)
        return [_plain(record.exchange) for record in found]

    def addresses(self, name: str) -> list[str]:
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(name))]
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def names_of(self, address: str) -> list[str]:
        """PTR records."""
        found = self._ask(dns.reversename.from_address(address), "PTR")
        return [_plain(record.target) for record in found]

    def _ask(self, name: object, kind: str) -> list:
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return []
        except (dns.exception.SyntaxError, dns.exception.FormError, UnicodeError, ValueError):
            return []
        except dns.resolver.NoNameservers as error:
            if "SERVFAIL" in str(error):  # this name's servers are at fault, not ours
                return []
            raise NoDNSError("no name server answers") from error
        except (dns.exception.DNSException, OSError) as error:
            raise NoDNSError("no name server answers") from error


def _plain(name: object) -> str:
    return str(name).rstrip(".").lower() or "."


def _host_and_port(text: str) -> tuple[str, int]:
    """Raises ``ValueError``."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(text.strip("[]"))), 53
    host, _colon, port = text.rpartition(":")
    return str(ipaddress.ip_address(host.strip("[]"))), int(port)


def is_name_server(text: str) -> bool:
    try:
        _host_and_port(text)
    except ValueError:
        return False
    return True
