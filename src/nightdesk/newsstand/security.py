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
#: shows pictures from blobs before they are stored, and frames the page being edited. Scripts in
#: attributes (onerror=…), by which injected markup usually strikes, stay forbidden.
_NEWSROOM = _READERS | {
    "script-src": "'self' 'unsafe-inline'",
    "script-src-attr": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
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


def policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class SecurityHeaders:
    """Adds what is lacking. ``embed_hosts``: origins whose players stories may frame; ``tls``: we
    encrypt ourselves, so browsers may be told to come no other way (a proxy before us that does it
    has to say so itself, for without TLS the promise could not be kept)."""

    def __init__(self, embed_hosts: Iterable[str] = FRAME_HOSTS, *, tls: bool = False) -> None:
        frames = " ".join(embed_hosts) or "'none'"
        self._readers = policy(_READERS | {"frame-src": frames})
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
