"""Embeds that ask nobody until the reader clicks.

Only addresses whose player address can be worked out from the link itself are embedded; no
provider is ever asked by the server. Anything else stays a plain link. A provider added here has
its player's origin in ``kernel.frames``, or the reader's browser refuses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Embed:
    provider: str
    frame: str


_TOKEN = re.compile(r"[\w-]{1,64}")


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    if host == "youtu.be":
        video = path.strip("/")
    elif path == "/watch":
        video = query.get("v", [""])[0]
    elif path.startswith(("/shorts/", "/live/", "/embed/")):
        video = path.split("/")[2]
    else:
        return None
    ok = _TOKEN.fullmatch(video)
    return f"https://www.youtube-nocookie.com/embed/{video}" if ok else None


def _vimeo(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    video = path.strip("/")
    return f"https://player.vimeo.com/video/{video}?dnt=1" if video.isdigit() else None


def _datawrapper(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    chart = path.strip("/").split("/")[0]
    return f"https://datawrapper.dwcdn.net/{chart}/" if _TOKEN.fullmatch(chart) else None


_PROVIDERS = {
    "youtube.com": ("YouTube", _youtube),
    "youtu.be": ("YouTube", _youtube),
    "vimeo.com": ("Vimeo", _vimeo),
    "datawrapper.dwcdn.net": ("Datawrapper", _datawrapper),
}


def embed_for(url: str) -> Embed | None:
    """The player for a link, or None when this link can only be a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if parts.scheme != "https" or host not in _PROVIDERS:
        return None
    provider, frame_of = _PROVIDERS[host]
    frame = frame_of(host, parts.path, parse_qs(parts.query))
    return Embed(provider, frame) if frame else None
