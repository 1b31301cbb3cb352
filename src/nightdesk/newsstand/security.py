"""The security headers that every answer carries, unless the site has set its own."""

from __future__ import annotations

from collections.abc import Iterable

from nightdesk.kernel.frames import FRAME_HOSTS
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.vetting import is_staff_path

_READERS = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
#: Wagtail's admin starts its date fields and choosers by inline scripts, writes style attributes,
#: shows pictures from blobs before they are stored, lets a sentence be heard that is kept nowhere,
#: and frames the page being edited. Scripts in attributes (onerror=…), by which injected markup usually strikes, stay forbidden.
_NEWSROOM = _READERS | {
    "script-src": "'self' 'unsafe-inline'",
    "script-src-attr": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
}
_EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-site",
    "server": "Nightdesk",
}
#: What a browser shows as a document of its own, with everything a document may do.
_DOCUMENTS = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")
#: Those of the headers above that mean something for a style sheet, a font or a feed as well.
_FILES_TOO = ("x-content-type-options", "cross-origin-resource-policy", "server")
#: The kinds of page on which stories embed players; "" is a kind that nobody has named.
_WITH_PLAYERS = ("story", "")


def policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class SecurityHeaders:
    """Adds what is lacking. ``embed_hosts``: origins whose players stories may frame; ``tls``: we
    encrypt ourselves, so browsers may be told to come no other way (a proxy before us that does it
    has to say so itself, for without TLS the promise could not be kept)."""

    def __init__(self, embed_hosts: Iterable[str] = FRAME_HOSTS, *, tls: bool = False) -> None:
        frames = " ".join(embed_hosts) or "'none'"
        self._readers = policy(_READERS | {"frame-src": frames})
        self._without_players = policy(_READERS | {"frame-src": "'none'"})
        self._everywhere = dict(_EVERYWHERE)
        if tls:
            self._everywhere["strict-transport-security"] = "max-age=31536000"
        self._newsroom = policy(_NEWSROOM | {"frame-src": f"'self' {frames}"})

    def add(self, reply: Reply, path: str) -> None:
        staff = is_staff_path(path)
        wanted = {
            "content-security-policy": self._newsroom if staff else self._readers,
            "referrer-policy": "same-origin" if staff else "strict-origin-when-cross-origin",
            **self._everywhere,
        }
        reply.headers += [(name, value) for name, value in wanted.items() if not reply.has(name)]

    def of_stored(self, kind: str, content_type: str) -> list[tuple[str, str]]:
        """For an answer from the shelf. ``kind``: the entry's; frames are for stories alone."""
        everywhere = list(self._everywhere.items())
        if not content_type.startswith(_DOCUMENTS):
            kept = (*_FILES_TOO, "strict-transport-security")
            return [(name, value) for name, value in everywhere if name in kept]
        readers = self._readers if kind in _WITH_PLAYERS else self._without_players
        return [
            ("content-security-policy", readers),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            *everywhere,
        ]
