"""An answer ready to be handed out: every header in its place, every coding packed."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from nightdesk.newsstand.negotiating import Codings
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.press.shelf.caching import Caching
from nightdesk.press.shelf.pieces import Own, Slot, stitch
from nightdesk.press.shelf.read import Stored

Headers = list[tuple[str, str]]

#: What belongs to one transfer, or is decided here for each coding.
_NOT_STORED = frozenset(
    ["content-length", "content-encoding", "etag", "date", "connection", "transfer-encoding"]
)
#: What a 304 says again (RFC 9110, 15.4.5), and what caches between need.
_SAID_AGAIN = frozenset(
    [
        *("cache-control", "content-location", "expires", "vary", "server"),
        *("surrogate-control", "cloudflare-cdn-cache-control"),
        *("surrogate-key", "xkey", "cache-tag"),
    ]
)
#: The kind of entry that open pages may follow (see ``streams``), and the length of the name of
#: its version, which stands in each frame.
LIVE = "live"
_NAME = 12
#: A packed body must be at least this much smaller to be worth unpacking.
_WORTH_PACKING = 0.95
#: What an entry takes in memory beside its bodies, roughly: its objects and header lists.
_OVERHEAD = 2500


class Variant(NamedTuple):
    """One coding. ``etag`` is empty when there is nothing to ask for conditionally; ``unchanged``
    are the headers of its 304."""

    status: int
    headers: Headers
    body: bytes
    etag: str
    unchanged: Headers


class Version(NamedTuple):
    """Of a live document. ``seq`` grows with every change on this shelf; ``name`` is the same for
    the same words on every machine and every shelf, so it is what versions are compared by."""

    seq: int
    name: str


class Ready:
    """``slots``: the fragments it is stitched from; ``version``: of a live document, else None;
    ``size``: bytes of memory; ``hits``: how often it was handed out, ``counted`` and ``rested``: up
    to where others have taken note of that."""

    __slots__ = ("_by_coding", "counted", "hits", "rested", "size", "slots", "variants", "version")

    def __init__(
        self,
        by_coding: Mapping[str, Variant],
        slots: frozenset[str],
        version: Version | None = None,
    ) -> None:
        self._by_coding = by_coding
        self.slots = slots
        self.version = version
        self.size = _OVERHEAD + sum(len(variant.body) for variant in by_coding.values())
        self.variants: dict[Codings, Variant] = {}
        self.hits = self.counted = self.rested = 0

    def variant(self, wanted: Codings) -> Variant:
        """The best of what is wanted. Plain bytes are made anew each time: few ask for them."""
        for coding in wanted:
            found = self._by_coding.get(coding)
            if found is not None:
                self.variants[wanted] = found
                return found
            if coding == "identity":
                break
        found = self._by_coding.get("identity")
        return found if found is not None else _plain(self._by_coding["gzip"])


class MissingFragmentError(Exception):
    """A page has a slot for which the shelf has nothing."""


class Finishing:
    """Turns what is stored into what is handed out."""

    def __init__(self, security: SecurityHeaders, caching: Caching) -> None:
        self._security = security
        self._caching = caching

    def ready(self, stored: Stored, fragments: Mapping[str, Stored]) -> Ready:
        """``fragments``: at least those in its slots, and in theirs. Raises
        ``MissingFragmentError``, ``ValueError`` or ``zlib.error`` when the entry is damaged."""
        pieces, used = _filled(stored, fragments)
        tag = stored.tag if not used else _tag(stored, (fragments[path] for path in used))
        packed, raw = stitch(pieces)
        bodies = {"gzip": packed}
        if stored.br is not None and not used and len(stored.br) < len(packed):
            bodies["br"] = stored.br
        if len(packed) > len(raw) * _WORTH_PACKING:
            bodies = {"identity": raw}
        headers = self._headers(stored, used, packable="gzip" in bodies)
        etag = tag if stored.status == 200 else ""
        return Ready(
            {
                coding: _variant(stored.status, headers, coding, body, etag)
                for coding, body in bodies.items()
            },
            frozenset(used),
            _version(stored, [fragments[path] for path in used], tag),
        )

    def _headers(self, stored: Stored, slots: Iterable[str], *, packable: bool) -> Headers:
        headers = [
            (name.lower(), value)
            for name, value in stored.headers
            if name.lower() not in _NOT_STORED
        ]
        if packable:
            varied = [value for name, value in headers if name == "vary"]
            headers = [held for held in headers if held[0] != "vary"]
            if "accept-encoding" not in ", ".join(varied).lower():
                varied.append("accept-encoding")
            headers.append(("vary", ", ".join(varied)))
        held = {name for name, _ in headers}
        added = [
            *self._caching.headers(stored.kind, stored.path, slots, stored.status),
            *self._security.of_stored(stored.kind, dict(headers).get("content-type", "")),
        ]
        return headers + [pair for pair in added if pair[0] not in held]


def _filled(stored: Stored, fragments: Mapping[str, Stored]) -> tuple[list[Own], list[str]]:
    """(own pieces with every slot filled, the slots' paths in order). A fragment may have slots
    of its own, one level deep and no deeper: a ring of fragments must not turn for ever."""
    filled: list[Own] = []
    used: dict[str, None] = {}
    for piece in stored.pieces:
        if isinstance(piece, Own):
            filled.append(piece)
            continue
        for inner in _fragment(piece, fragments, used).pieces:
            if isinstance(inner, Own):
                filled.append(inner)
            else:
                deepest = _fragment(inner, fragments, used).pieces
                filled += [last for last in deepest if isinstance(last, Own)]
    return filled, list(used)


def _fragment(slot: Slot, fragments: Mapping[str, Stored], used: dict[str, None]) -> Stored:
    found = fragments.get(slot.path)
    if found is None:
        raise MissingFragmentError(slot.path)
    used[slot.path] = None
    return found


def _tag(stored: Stored, fragments: Iterable[Stored]) -> str:
    """Another one as soon as any part is another one."""
    digest = hashlib.blake2b(stored.tag.encode(), digest_size=12)
    for fragment in fragments:
        digest.update(f" {fragment.path} {fragment.tag}".encode())
    return digest.hexdigest()


def _version(stored: Stored, used: Iterable[Stored], tag: str) -> Version | None:
    if stored.kind != LIVE or stored.status != 200:
        return None
    return Version(max(one.seq for one in (stored, *used)), tag[:_NAME])


def _variant(status: int, headers: Headers, coding: str, body: bytes, tag: str) -> Variant:
    """An ETag of its own for each coding: they are different bytes (RFC 9110, 8.8.3.3)."""
    own = list(headers)
    etag = ""
    if coding != "identity":
        own.append(("content-encoding", coding))
    if tag:
        etag = f'"{tag}"' if coding == "identity" else f'"{tag}-{coding}"'
        own.append(("etag", etag))
    unchanged = [(name, value) for name, value in own if name in _SAID_AGAIN or name == "etag"]
    return Variant(status, [*own, ("content-length", str(len(body)))], body, etag, unchanged)


def _plain(packed: Variant) -> Variant:
    headers = [
        (name, value)
        for name, value in packed.headers
        if name not in ("content-encoding", "etag", "content-length")
    ]
    tag = packed.etag.strip('"').removesuffix("-gzip")
    return _variant(packed.status, headers, "identity", gzip.decompress(packed.body), tag)
