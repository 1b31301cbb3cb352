"""Is this a request at all? What is malformed, ambiguous or too big never reaches the site.

granian's parser (hyper) has already refused broken framing, NUL and bare CR in the head, folded
headers and differing Content-Lengths. Two things it hides from us shape the rules here:

* of a request with both Content-Length and Transfer-Encoding it shows only the latter, so every
  request with Transfer-Encoding is refused. Browsers always state the length of what they send;
* it hands out the path already percent-decoded, so the path is checked decoded and encoded anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nightdesk.kernel.devices import COOKIE, Device, Devices
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.peers import Peers

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STAFF_PATHS = ("/admin/", "/staff/")
#: Before the address of a live document: where it is followed (see ``streams``). A section may be
#: called so too; who asks for a stream says so.
EVENTS = "/events/"
EVENT_STREAM = "text/event-stream"
SIGN_IN = "/admin/login/"
SESSION_COOKIE = "nightdesk_session"
STAFF_COOKIE = "nightdesk_staff"

_HOST = re.compile(r"(?:[a-z0-9._-]+|\[[a-f0-9:.]+\])(?::[0-9]{1,5})?")
_MARK = "device="
_SEARCH = re.compile(r"(?:/[a-z]{2})?/search(?:/.*)?")
_REPORT = re.compile(r"/newsletters/reports/[a-z_]+/")
_SIGN_UP = re.compile(r"(?:/[a-z]{2})?/newsletters/sign-up/")
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffd]")  # U+FFFD: the path was not UTF-8
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_QUERY_SAFE = "".join(map(chr, range(0x21, 0x7F)))


class RefusedError(Exception):
    """A request we answer ourselves: HTTP status and one sentence for whoever sent it."""

    def __init__(
        self, status: int, sentence: str, retry: int = 0, more: dict[str, str] | None = None
    ) -> None:
        """``retry``: after how many seconds trying again is worth it; ``more``: for a script."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry = retry
        self.more = more or {}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that passed.

    ``path`` is decoded, ``target`` is path and query as the site shall get them; ``host``,
    ``scheme`` and ``client`` are as the reader's browser sees or is seen, through trusted proxies;
    ``length`` is the size of the body in bytes; ``lane`` is "readers", "search", "sign-ups",
    "staff", "doors" or "tries"; ``device`` is the mark of a browser with which somebody has signed in before.
    """

    method: str
    path: str
    target: str
    host: str
    scheme: str
    client: str
    headers: list[tuple[str, str]]
    length: int
    lane: str
    device: Device | None = None

    @property
    def is_staff_path(self) -> bool:
        return is_staff_path(self.path)

    @property
    def can_be_repeated(self) -> bool:
        return self.method in ("GET", "HEAD")


def is_staff_path(path: str) -> bool:
    return path.startswith(STAFF_PATHS) or path == "/admin"


def is_search(path: str) -> bool:
    return _SEARCH.fullmatch(path) is not None


def wants_stream(scope: Any) -> bool:
    """Whether an open page asks to be told of changes."""
    return scope.path.startswith(EVENTS) and EVENT_STREAM in (scope.headers.get("accept") or "")


def is_sign_up(path: str) -> bool:
    """Whether this is where forms for newsletters lead."""
    return _SIGN_UP.fullmatch(path) is not None


def vet(scope: Any, limits: Limits, peers: Peers, devices: Devices | None = None) -> Asked:
    """What granian received → a request fit for the site. Raises ``RefusedError``.

    Without ``devices`` (a newsstand that was not told the site's secret) a session is believed.
    """
    if scope.method not in METHODS:
        raise RefusedError(405, f"The method {scope.method[:20]} is not used here.")
    headers = scope.headers.items()
    if sum(len(name) + len(value) + 4 for name, value in headers) > limits.header_bytes:
        raise RefusedError(431, "The request's headers are too long; clearing cookies may help.")
    host = _host(scope, headers)
    target = _target(scope, limits)
    length = _length(scope, headers)
    if length and scope.method in ("GET", "HEAD"):
        raise RefusedError(400, "Who only reads sends nothing along.")
    seen = peers.seen(scope.client, scope.scheme, host, headers)
    if not _HOST.fullmatch(seen.host):
        raise RefusedError(400, "The proxy named a host that is not one.")
    lane, device = _lane(scope.path, scope.query_string, headers, devices)
    if lane == "doors" and scope.path == SIGN_IN and scope.method not in ("GET", "HEAD"):
        lane = "tries"
    if lane == "readers" and scope.method not in ("GET", "HEAD") and is_sign_up(scope.path):
        lane = "sign-ups"
    if length > _most_bytes(limits, lane, scope.path):
        raise RefusedError(413, "What was sent is too large.")
    return Asked(
        method=scope.method,
        path=scope.path,
        target=target,
        host=seen.host,
        scheme=seen.scheme,
        client=seen.client,
        headers=headers,
        length=length,
        lane=lane,
        device=device,
    )


def _most_bytes(limits: Limits, lane: str, path: str) -> int:
    if takes_uploads(lane):
        return limits.staff_body_bytes
    return limits.report_body_bytes if _REPORT.fullmatch(path) else limits.body_bytes


def takes_uploads(lane: str) -> bool:
    """Only somebody of the newsroom sends files."""
    return lane == "staff"


def _host(scope: Any, headers: list[tuple[str, str]]) -> str:
    hosts = [value for name, value in headers if name == "host"]
    if scope.http_version == "2" and not hosts and scope.authority:
        hosts = [scope.authority]  # HTTP/2 has :authority instead, and may repeat it as Host
    hidden = "host" in scope.headers and scope.headers.get("host") is None  # it is not ASCII
    if len(hosts) != 1 or hidden:
        raise RefusedError(400, "A request names its host exactly once.")
    host = hosts[0].strip().lower()
    if len(host) > 255 or not _HOST.fullmatch(host):
        raise RefusedError(400, "The host named in the request is not a host name.")
    if scope.authority is not None and scope.authority.lower() != host:
        raise RefusedError(400, "The request names two different hosts.")
    return host


def _target(scope: Any, limits: Limits) -> str:
    path, query = scope.path, scope.query_string
    if not path.startswith("/"):
        raise RefusedError(400, "The address does not begin with a slash.")
    if _CONTROL.search(path) or "%00" in query:
        raise RefusedError(400, "The address contains characters that no address has.")
    if any(segment in (".", "..") for segment in path.split("/")):
        raise RefusedError(400, "The address contains dots in the place of a name.")
    target = quote(path, safe=_PATH_SAFE)
    if query:
        target += "?" + quote(query, safe=_QUERY_SAFE)
    if len(target) > limits.address_bytes:
        raise RefusedError(414, "The address is too long.")
    return target


def _length(scope: Any, headers: list[tuple[str, str]]) -> int:
    if "transfer-encoding" in scope.headers:
        raise RefusedError(400, "State the length of the body with Content-Length alone.")
    lengths = {value.strip() for name, value in headers if name == "content-length"}
    if not lengths and "content-length" not in scope.headers:
        if scope.http_version == "2" and scope.method in ("POST", "PUT", "PATCH"):
            # Only HTTP/1 says by its silence that there is no body.
            raise RefusedError(411, "State the length of the body with Content-Length.")
        return 0
    if len(lengths) != 1 or not (length := lengths.pop()).isascii() or not length.isdigit():
        raise RefusedError(400, "The length of the body is not a number.")
    return int(length)


def _lane(
    path: str, query: str, headers: list[tuple[str, str]], devices: Devices | None
) -> tuple[str, Device | None]:
    """Whom a request queues behind, and the mark it carries.

    Anybody can send a cookie that is called a session; only the mark proves, without asking the
    site, that it comes from the newsroom.
    """
    cookies = _cookies(headers)
    staff_path = is_staff_path(path)
    device = None
    if devices and COOKIE in cookies and (staff_path or STAFF_COOKIE in cookies):
        device = devices.recognise(cookies[COOKIE])
    if devices and not device and path == SIGN_IN and query.startswith(_MARK):
        device = devices.recognise(query.removeprefix(_MARK).partition("&")[0])
    if staff_path:
        known = device is not None if devices else SESSION_COOKIE in cookies
        return ("staff" if known else "doors"), device
    if STAFF_COOKIE in cookies and SESSION_COOKIE in cookies and (device or not devices):
        return "staff", device
    return ("search" if is_search(path) else "readers"), device


def _cookies(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Name → value; of two with one name the last, as the site reads them."""
    parts = "; ".join(value for name, value in headers if name == "cookie").split(";")
    pairs = (part.partition("=") for part in parts)
    return {name.strip(): value.strip() for name, _equals, value in pairs}
