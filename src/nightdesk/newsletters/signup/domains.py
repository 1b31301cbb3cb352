"""Does anybody take mail for that domain? Asked by the worker, never by a request.

A name that does not exist, or that says by a null MX (RFC 7505) that it takes none, is a typing
error or an invention: mail to it would only come back and cost us our name. Whatever else goes
wrong with the question (no network, a slow or broken name server) blocks nobody.
"""

from __future__ import annotations

import time

import dns.exception
import dns.resolver
from django.conf import settings

_SECONDS = 2.0
#: After a question that nobody answered, none is asked for so long.
_REST_SECONDS = 60.0
_REMEMBERED_SECONDS = 3600.0
_MOST = 5000

_known: dict[str, tuple[float, bool]] = {}
_rest_until = 0.0


def takes_mail(domain: str) -> bool:
    """``domain`` in ASCII. Where mail goes into a folder, nothing is asked: nothing leaves."""
    if not settings.NIGHTDESK["NIGHTDESK_MAIL"]:
        return True
    asked, answer = _known.get(domain, (0.0, True))
    if asked and time.monotonic() - asked < _REMEMBERED_SECONDS:
        return answer
    if time.monotonic() < _rest_until:
        return True
    answer = _ask(domain)
    if len(_known) >= _MOST:
        _known.clear()
    _known[domain] = time.monotonic(), answer
    return answer


def _ask(domain: str) -> bool:
    global _rest_until
    try:
        found = dns.resolver.resolve(domain, "MX", lifetime=_SECONDS)
    except dns.resolver.NXDOMAIN:
        if _knows_the_internet(domain):
            return False
        _rest_until = time.monotonic() + _REST_SECONDS
        return True
    except dns.resolver.NoAnswer:
        return _has_an_address(domain)
    except (dns.exception.DNSException, OSError):
        _rest_until = time.monotonic() + _REST_SECONDS
        return True
    return any(record.exchange.to_text() != "." for record in found)


def _knows_the_internet(domain: str) -> bool:
    """Whether the name server that says "there is no such name" knows the name's last part. One
    that is cut off may say so of every name, and every reader would be lost without a word."""
    try:
        dns.resolver.resolve(f"{domain.rpartition('.')[2]}.", "NS", lifetime=_SECONDS)
    except (dns.exception.DNSException, OSError):
        return False
    return True


def _has_an_address(domain: str) -> bool:
    """Without an MX, mail goes to the host itself (RFC 5321, 5.1)."""
    for kind in ("A", "AAAA"):
        try:
            dns.resolver.resolve(domain, kind, lifetime=_SECONDS)
        except dns.resolver.NoAnswer:
            continue
        except dns.resolver.NXDOMAIN:
            return False
        except (dns.exception.DNSException, OSError):
            return True
        return True
    return False
