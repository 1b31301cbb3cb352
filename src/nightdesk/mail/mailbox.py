"""The folder of mail of a newsroom without a relay, read: what the folder's courier wrote there.

A mail may hold anything: a stranger chose its words, or it is no mail at all. Here it becomes text
and nothing else; what may be done with its HTML is decided where it is shown.
"""

from __future__ import annotations

import email
import email.policy
import heapq
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from nightdesk.mail.adapters.folder import TO

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,120}\.eml")
#: A larger mail is not shown, only handed out.
LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True)
class Attached:
    name: str
    kind: str
    size: int


class Mail:
    """One file. Whatever cannot be read in it is empty."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._parsed = email.message_from_bytes(content, policy=email.policy.default)

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, self._header(name, value)) for name, value in self._parsed.raw_items()]

    @property
    def recipients(self) -> list[str]:
        """Bare addresses of the envelope, in lower case."""
        return [
            str(value).strip().strip("<>").lower()
            for name, value in self._parsed.raw_items()
            if name.lower() == TO.lower()
        ]

    @property
    def shown(self) -> dict[str, str]:
        """The headers that everybody looks at."""
        return {name: self.header(name) for name in ("From", "To", "Subject", "Date")}

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def date(self) -> datetime | None:
        try:
            return parsedate_to_datetime(self.header("Date"))
        except (ValueError, TypeError):
            return None

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attached(self) -> list[Attached]:
        return list(self._attached())

    def header(self, name: str) -> str:
        for each, value in self._parsed.raw_items():
            if each.lower() == name.lower():
                return self._header(each, value)
        return ""

    def _header(self, name: str, value: object) -> str:
        try:
            return str(email.policy.default.header_fetch_parse(name, value))
        except Exception:  # a parser of strangers' bytes
            return str(value)

    def _body(self, kind: str) -> str:
        try:
            part = self._parsed.get_body((kind,))
            return str(part.get_content()) if part is not None else ""
        except Exception:
            return ""

    def _attached(self) -> Iterator[Attached]:
        try:
            parts: list[EmailMessage] = list(self._parsed.iter_attachments())
        except Exception:
            return
        for part in parts:
            content = part.get_payload(decode=True)
            yield Attached(part.get_filename() or "", part.get_content_type(), len(content or b""))


def listed(folder: Path, before: str, count: int) -> list[str]:
    """Names of files, newest first: those older than ``before``, all when it is empty."""
    try:
        with os.scandir(folder) as entries:
            names = (entry.name for entry in entries if _NAME.fullmatch(entry.name))
            return heapq.nlargest(count, (each for each in names if not before or each < before))
    except OSError:
        return []


def content(folder: Path, name: str) -> bytes | None:
    """Of one file; None when there is none of that name."""
    if not _NAME.fullmatch(name):
        return None
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LARGEST)
