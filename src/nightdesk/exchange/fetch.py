"""The only way by which an import reaches the network.

An address given to the import could point back into the newsroom's own network (a metadata service,
a router, the database). So: the name is resolved once, every answer must be a public address, the
connection goes to exactly that address, and each redirect is checked in the same way. No cookies, no
credentials, no proxy.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from .unreadable import SourceUnreadable

SECONDS = 10.0
MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Answer:
    """What an address gave: bytes, the charset that the server declares, the last address."""

    data: bytes
    charset: str
    address: str


def fetch(
    address: str, *, largest: int, may_connect: Callable[[str], bool] | None = None
) -> Answer:
    """GET one address: at most `largest` bytes, 10 seconds and 3 redirects in all.

    `may_connect` judges each IP address; without it only public ones are connected to.
    Raises `SourceUnreadable` with one plain line.
    """
    deadline = time.monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        response = _get(address, largest, may_connect or is_public, deadline)
        if isinstance(response, Answer):
            return response
        address = response
    raise SourceUnreadable(f"it redirects more than {MOST_REDIRECTS} times")


def _get(
    address: str, largest: int, may_connect: Callable[[str], bool], deadline: float
) -> Answer | str:
    """The answer, or the address to which the server redirects."""
    parts = _checked(address)
    ip = _resolved(parts, may_connect)
    connection = _Pinned(parts, ip, deadline)
    overdue = threading.Timer(max(0.01, deadline - time.monotonic()), connection.break_off)
    overdue.daemon = True
    overdue.start()
    try:
        connection.request("GET", _path(parts), headers=_HEADERS)
        response = connection.getresponse()
        if response.status in _REDIRECTS and response.getheader("Location"):
            return urljoin(address, response.getheader("Location"))
        if response.status != 200:
            raise SourceUnreadable(
                f"the server answered {response.status} {response.reason}".strip()
            )
        data = response.read(largest + 1)
        if connection.is_broken_off:
            raise TimeoutError
        if response.getheader("Content-Encoding", "").lower() == "gzip":
            data = zlib.decompressobj(wbits=31).decompress(data, largest + 1)
        if len(data) > largest:
            raise SourceUnreadable(f"it has more than {largest // 1_000_000} MB")
        return Answer(data, response.headers.get_content_charset() or "", address)
    except SourceUnreadable:
        raise
    except ssl.SSLCertVerificationError as error:
        raise SourceUnreadable(f"its certificate is not valid: {error.verify_message}") from None
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
        if connection.is_broken_off or isinstance(error, TimeoutError):
            raise SourceUnreadable(f"it did not answer within {SECONDS:.0f} seconds") from None
        raise SourceUnreadable(f"it cannot be reached: {_reason(error)}") from None
    finally:
        overdue.cancel()
        connection.close()


_HEADERS = {
    "User-Agent": "Nightdesk import",
    "Accept": "text/html, application/xhtml+xml, text/plain, */*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class _Pinned(http.client.HTTPConnection):
    """Connects to one checked IP address, while Host and certificate are those of the name."""

    def __init__(self, parts: SplitResult, ip: str, deadline: float) -> None:
        is_https = parts.scheme == "https"
        self.default_port = 443 if is_https else 80
        super().__init__(parts.hostname or "", parts.port or self.default_port)
        self.is_https, self.ip, self.deadline = is_https, ip, deadline
        self.is_broken_off = False

    def connect(self) -> None:
        left = max(0.01, self.deadline - time.monotonic())
        self.sock = socket.create_connection((self.ip, self.port), timeout=left)
        if self.is_https:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def break_off(self) -> None:
        """Ends a transfer that drips on without ever being idle long enough to time out."""
        self.is_broken_off = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise SourceUnreadable("it is no valid address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceUnreadable("only http and https addresses are read")
    if parts.username or parts.password:
        raise SourceUnreadable("addresses with a name and password in them are not read")
    return parts


def _resolved(parts: SplitResult, may_connect: Callable[[str], bool]) -> str:
    """The IP address to connect to; every address behind the name must be allowed."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        answers = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SourceUnreadable(f"the name {parts.hostname} is not known") from None
    ips = [answer[4][0] for answer in answers]
    if not all(may_connect(str(ip)) for ip in ips):
        raise SourceUnreadable(
            "it is an address inside a private network. Save the page and import the file"
        )
    return str(ips[0])


def is_public(ip: str) -> bool:
    """False for loopback, private, link-local, shared, reserved and multicast addresses.

    IPv6 forms that carry an IPv4 address (mapped, 6to4, NAT64, Teredo) are judged by what they carry.
    """
    address = ipaddress.ip_address(ip.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour or address.teredo or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
