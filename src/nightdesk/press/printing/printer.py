"""Make one answer as any reader would get it, and see whether it may stand on the shelf.

The page is asked for inside this process, through the whole of Django and its middleware, by
somebody without cookies. Whatever was made for one person alone is refused.
"""

from __future__ import annotations

import datetime
import html
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.servers.basehttp import get_internal_wsgi_application
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.utils import translation
from wagtail.models import Page

from nightdesk.press import dependencies, fragments, pages
from nightdesk.press.printing.slots import open_slots, parse_fragment_path
from nightdesk.press.shelf.pieces import Own, Slot
from nightdesk.press.shelf.write import FRAGMENT, Printed

#: Ready error pages stand beside the pages, as ``error:404:en``.
ERROR = "error:"
#: Of an answer's headers, those that say something about this answer. The newsstand adds what
#: every answer has.
KEPT = frozenset(
    {
        "content-disposition",
        "content-language",
        "content-type",
        "link",
        "location",
        "x-robots-tag",
    }
)
#: Nothing a reader should load at once is larger; a full sitemap of 50,000 addresses is half of it.
LARGEST = 16 * 1024 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
_HREF = re.compile(rb'\shref="(/[^"]*)"')
#: A sitemap leads to pages, and its index to new parts.
_LOC = re.compile(rb"<loc>([^<]*)</loc>")
#: Other kinds of files than pages: what links to them is not followed.
_NO_PAGES = ("/media/", "/static/", "/assets/")


@dataclass
class CannotPrintError(Exception):
    """``why`` in words, for the editor and the log; what had been read by then."""

    why: str
    keys: frozenset[str] = field(default_factory=frozenset)
    due: float | None = None

    def __str__(self) -> str:
        return self.why


class OnlyForSomeError(CannotPrintError):
    """The page asks who reads it: a password, a log-in, a group. Nothing is wrong with it."""


class Printer:
    """Prints paths of the shelf: pages, ``fragment:…`` and ``error:…``."""

    def __init__(self) -> None:
        self._application = get_internal_wsgi_application()
        self._error: BaseException | None = None
        got_request_exception.connect(self._note_error)

    def _note_error(self, **_: object) -> None:
        self._error = sys.exc_info()[1]

    def print(self, path: str) -> Printed | None:
        """The answer at a path; None when there is nothing. Raises ``CannotPrintError``."""
        with dependencies.collecting() as read:
            try:
                if path.startswith(FRAGMENT):
                    printed = self._fragment(path)
                elif path.startswith(ERROR):
                    printed = self._ready_error(path)
                else:
                    printed = self._page(path)
            except CannotPrintError as trouble:
                trouble.keys, trouble.due = frozenset(read.keys), _epoch(read.until)
                raise
        if printed is None:
            return None
        return replace(printed, keys=frozenset(read.keys), due=_epoch(read.until))

    def _fragment(self, path: str) -> Printed | None:
        try:
            name, language = parse_fragment_path(path)
            fragments.must_know(name)
        except (ValueError, KeyError):
            return None  # a release took it away
        try:
            with translation.override(language):
                body = fragments.render(name, language).encode()
        except Exception as error:
            raise CannotPrintError(_in_words(error)) from error
        return Printed("fragment", 200, [], _pieces(body), links=frozenset(_links(body)))

    def _ready_error(self, path: str) -> Printed | None:
        _, status, language = path.split(":")
        known = dict(settings.LANGUAGES)
        if status != "404" or language not in known:
            return None
        prefix = "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
        # Deeper than any page lies, so there is none.
        response, _request, pieces = self._ask(f"{prefix}no/such/page/here/")
        if response.status_code != 404:
            raise CannotPrintError(f"There is a page where none should be: {prefix}no/such/page/…")
        _refuse_what_is_private(response)
        return Printed("error", 404, _headers(response), pieces)

    def _page(self, path: str) -> Printed | None:
        response, request, pieces = self._ask(path)
        status = response.status_code
        if status in (404, 410) and not _is_kept(response):
            return None
        if status not in (200, 410) and status not in _MOVED:
            raise CannotPrintError(f"The site answers with status {status}.")
        try:
            _refuse_what_is_private(response)
        except CannotPrintError as refused:
            if _asks_who_reads(request):
                raise OnlyForSomeError(refused.why) from refused
            raise
        kind = _kind(request, response)
        raw = b"".join(piece.raw for piece in pieces if isinstance(piece, Own))
        links: set[str] = set()
        if status in _MOVED:
            links.update(_own_path(response.headers.get("Location", "")))
            pieces = []
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            links.update(_links(raw))
        elif kind == "sitemap":
            links.update(_links(raw, _LOC))
        links.discard(path)
        return Printed(kind, status, _headers(response), pieces, links=frozenset(links))

    def _ask(self, path: str) -> tuple[HttpResponse, WSGIRequest, list[Own | Slot]]:
        """The site's answer, and its body cut at the slots."""
        self._error = None
        request = WSGIRequest(_environ(path))
        with open_slots() as slots:
            # Its close() would tell Django that a request has ended, and end connections with it.
            response = self._application.get_response(request)
            if response.status_code >= 500:
                why = _in_words(self._error) if self._error else "The site does not say why."
                raise CannotPrintError(why)
            body = _body(response)
        return response, request, slots.cut(body)


def _environ(path: str) -> dict[str, Any]:
    """A request for a path of the public site, as a server hands it to WSGI."""
    public = urlsplit(settings.PUBLIC_URL)
    secure = public.scheme == "https"
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": public.hostname,
        "SERVER_PORT": str(public.port or (443 if secure else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": public.netloc,
        "HTTP_X_FORWARDED_PROTO": public.scheme,
        "REMOTE_ADDR": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": public.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _body(response: HttpResponse) -> bytes:
    """Raises ``CannotPrintError`` when it is too large to be a page."""
    if not response.streaming:
        parts: Iterator[bytes] = iter([response.content])
    else:
        parts = iter(response.streaming_content)
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > LARGEST:
            raise CannotPrintError(
                f"It is larger than {LARGEST // 1024**2} MB, too much for a reader to load."
            )
    return bytes(body)


def _refuse_what_is_private(response: HttpResponse) -> None:
    """Nothing that was made for one reader may be handed to all."""
    vary = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}
    cache = response.headers.get("Cache-Control", "").lower()
    if response.cookies:
        raise CannotPrintError(f"It sets a cookie ({', '.join(response.cookies)}).")
    if "cookie" in vary:
        raise CannotPrintError("It looks at cookies, so it may differ from reader to reader.")
    if vary - {"", "accept-encoding"}:
        raise CannotPrintError(f"It differs by the reader's {', '.join(sorted(vary))}.")
    if not response.streaming and b"csrfmiddlewaretoken" in response.content:
        raise CannotPrintError("It holds a form with a secret of one reader's own.")
    if "private" in cache or "no-store" in cache:
        raise CannotPrintError(f"It asks not to be stored (Cache-Control: {cache}).")


def _is_kept(response: HttpResponse) -> bool:
    """Whether readers are told what was here, instead of only that nothing is."""
    return response.status_code == 410 and bool(getattr(response, "nightdesk_kind", ""))


def _asks_who_reads(request: WSGIRequest) -> bool:
    """Whether an editor has restricted the page to some readers."""
    found = Page.route_for_request(request, request.path)
    return found is not None and found.page.get_view_restrictions().exists()


def _headers(response: HttpResponse) -> list[tuple[str, str]]:
    return [
        (name.lower(), value) for name, value in response.headers.items() if name.lower() in KEPT
    ]


def _pieces(body: bytes) -> list[Own | Slot]:
    return [Own.of(body)] if body else []


def _kind(request: WSGIRequest, response: HttpResponse) -> str:
    """What sort of answer it is, for those who count them: "story", "home", "author", "feed"…"""
    if response.status_code in _MOVED:
        return "redirect"
    if own := getattr(response, "nightdesk_kind", ""):  # a page of the tree serves more than itself
        return own
    page = (getattr(response, "context_data", None) or {}).get("page")
    if isinstance(page, Page):
        return type(page).__name__.removesuffix("Page").lower()
    match = request.resolver_match
    name = (match.url_name if match else "") or "other"
    if "sitemap" in name:
        return "sitemap"
    if any(feed in response.headers.get("Content-Type", "") for feed in ("rss+", "atom+", "feed+")):
        return "feed"
    return name.removesuffix("_before")


def _links(page: bytes, link: re.Pattern[bytes] = _HREF) -> Iterator[str]:
    """Same-site paths that a page leads to, as they are on the shelf."""
    for href in set(link.findall(page)):
        yield from _own_path(html.unescape(href.decode(errors="replace")))


def _own_path(href: str) -> Iterator[str]:
    """The path on the shelf for a link, when it leads to something that can stand there."""
    try:
        parts = urlsplit(href)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return
    own = urlsplit(settings.PUBLIC_URL)
    if (parts.netloc and parts.netloc != own.netloc) or parts.query or not path.startswith("/"):
        return
    if path.startswith((*_NO_PAGES, *pages.live.prefixes())) or not path.isprintable():
        return
    yield path


def _in_words(error: BaseException) -> str:
    """An error for somebody who does not program, and for somebody who does."""
    said = " ".join(str(error).split()) or "without a word"
    return f"{type(error).__name__}: {said}"[:500]


def _epoch(moment: datetime.datetime | None) -> float | None:
    return moment.timestamp() if moment else None
