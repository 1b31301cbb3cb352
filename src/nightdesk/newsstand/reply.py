"""An answer on its way to the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Reply:
    """``body``, or for large answers ``file``; ``length`` is what a HEAD says the body would be;
    ``whole``: its headers are complete; ``begin``: instead of a body, is given granian's stream."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    file: Path | None = None
    length: int | None = None
    whole: bool = False
    begin: Callable[[Any], None] | None = None

    def send(self, protocol: Any, *, head: bool = False) -> None:
        """Hand over to granian. Bodies always go with their length: a reader can tell a cut one."""
        if self.length is None:
            self.length = len(self.body)
        bodiless = self.status in (204, 304)
        headers = self.headers
        if not bodiless and self.begin is None:
            headers = [*headers, ("content-length", str(self.length))]
        if head or bodiless:
            protocol.response_empty(self.status, headers)
        elif self.begin is not None:
            self.begin(protocol.response_stream(self.status, headers))
        elif self.file is not None:
            protocol.response_file(self.status, headers, str(self.file))
        else:
            protocol.response_bytes(self.status, headers, self.body)

    def has(self, name: str) -> bool:
        return any(held == name for held, _ in self.headers)
