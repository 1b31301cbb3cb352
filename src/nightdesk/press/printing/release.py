"""Which release of the product, with which settings, a shelf was printed by."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

import nightdesk
from nightdesk.settings.table import TABLE

#: What pages are made by: code, templates, styles, scripts, fonts, translations.
_ENDINGS = frozenset({".py", ".html", ".css", ".js", ".svg", ".woff2", ".mo", ".po"})
#: Rooms that never have a hand in a page.
_NOT_SEEN = ("bench", "demo", "exchange", "newsstand")
#: Beginnings of the names of settings that no page shows; secrets are none either.
_NOT_SHOWN = (
    "ACME_",
    "HOST",
    "HTTP_",
    "NIGHTDESK_CDN",
    "NIGHTDESK_DATA",
    "NIGHTDESK_HOSTS",
    "NIGHTDESK_OWNER",
    "NIGHTDESK_PICTURE_MEGABYTES",
    "NIGHTDESK_SITE_WORKERS",
    "PORT",
    "TLS_",
    "TRUSTED_PROXIES",
)


def fingerprint() -> str:
    """Differs when pages may look different although no content has changed."""
    digest = hashlib.blake2b(_files_digest(), digest_size=12)
    for package in ("django", "wagtail"):
        digest.update(f"{package} {version(package)}\n".encode())
    for setting in TABLE:
        if not setting.secret and not setting.name.startswith(_NOT_SHOWN):
            value = settings.NIGHTDESK[setting.name]
            digest.update(f"{setting.name}={value!r}\n".encode())
    digest.update(settings.PUBLIC_URL.encode())
    return digest.hexdigest()


@cache
def _files_digest() -> bytes:
    """Of the files as they were when this process first asked: what it has in memory."""
    root = Path(nightdesk.__file__).parent
    digest = hashlib.blake2b(digest_size=12)
    for file in sorted(root.rglob("*")):
        name = file.relative_to(root)
        if file.suffix in _ENDINGS and name.parts[0] not in _NOT_SEEN and file.is_file():
            digest.update(f"{name}\n".encode())
            digest.update(file.read_bytes())
    return digest.digest()
