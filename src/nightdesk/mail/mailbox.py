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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from nightdesk.mail.adapters.folder import TO

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,120}\.eml")
#: A larger mail is not shown, only handed out.
LARGEST = 10 * 1024 * 1024
#: Nobody needs an older one, and each holds somebody's address and a link that acts in their name.
KEPT_FOR = timedelta(days=30)
#: How a file's envelope, which the courier wrote on top, can be long at most.
_ENVELOPE = 4096
_TO = re.compile(rb"^" + TO.encode() + rb": <([^>\r\n]*)>", re.MULTILINE)


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


class Tidying:
    """A due verb for the clock: `forget_old`, which reads the whole folder, once an hour."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._next: datetime | None = None

    def __call__(self, now: datetime) -> int:
        if self._next is not None and now < self._next:
            return 0
        self._next = now + timedelta(hours=1)
        return forget_old(self._folder(), now)


def forget_old(folder: Path, now: datetime) -> int:
    """Delete what was written longer than `KEPT_FOR` ago; how many files that were. Names begin
    with their moment."""
    until = f"{now - KEPT_FOR:%Y%m%dT%H%M%S}"
    return _delete(folder, lambda name: name < until)


def forget_recipient(folder: Path, is_theirs: Callable[[str], bool]) -> int:
    """Delete all mail to one person, whom ``is_theirs`` knows by the envelope's address; how many
    files that were."""

    def to_them(name: str) -> bool:
        try:
            descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return False
        with os.fdopen(descriptor, "rb") as file:
            found = _TO.search(file.read(_ENVELOPE))
        return found is not None and is_theirs(found[1].decode(errors="replace"))

    return _delete(folder, to_them)


def _delete(folder: Path, unwanted: Callable[[str], bool]) -> int:
    done = 0
    try:
        names = [entry.name for entry in os.scandir(folder) if _NAME.fullmatch(entry.name)]
    except OSError:
        return 0
    for name in filter(unwanted, names):
        (folder / name).unlink(missing_ok=True)
        done += 1
    return done
