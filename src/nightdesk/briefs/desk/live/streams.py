"""A live list as the fast screen knows it, and which there are.

The News Feed of each language is one, the coverage of an event another. A room says in
``AppConfig.ready()`` which it has; the screen knows nothing else of them.
"""

from __future__ import annotations

import abc
import datetime
import enum
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

#: Entries on the screen. What is older is found in the list of the menu.
SHOWN = 40


class State(enum.StrEnum):
    LIVE = "live"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Words:
    text: str
    headline: str = ""
    source: str = ""


@dataclass(frozen=True)
class Correction:
    at: datetime.datetime
    note: str


@dataclass(frozen=True)
class Entry:
    """One item. ``id`` is the one it has in the live document, ``by`` who saved it last, ``words``
    what readers have or, of a draft, what they would get; ``newest`` the words saved last, which
    may wait in the whole form. ``at`` is the time readers see, or when it goes out; of what was
    withdrawn, when that was."""

    id: str
    words: Words
    newest: Words
    at: datetime.datetime
    state: State
    by: str
    by_whom: int | None
    edit_url: str
    public_url: str = ""
    undo_seconds: int = 0
    corrections: tuple[Correction, ...] = ()
    pinned: bool = False
    key_entry: bool = False
    #: From another list; it is changed there.
    borrowed: bool = False

    @property
    def version(self) -> str:
        """Of what somebody reads who then changes it. Saved again with the same words it stays."""
        said = "\0".join([*asdict(self.words).values(), *asdict(self.newest).values()])
        return hashlib.sha256(f"{self.state}\0{said}".encode()).hexdigest()[:16]


class NotThereError(LookupError):
    """No such entry in this list, or not for this account."""


class RefusedError(Exception):
    """It cannot be done, now or ever: the sentence for whoever asked."""


class Stream(abc.ABC):
    """The verbs answer with the id of the entry. Each may be asked twice and is done once.

    They run inside the request's transaction and raise ``NotThereError`` or ``RefusedError``.
    """

    name: str  #: in the screen's address: "news-feed.en"
    label: str
    public_url: str
    language: str
    #: Whether entries can be pinned and marked as key.
    marks = False

    @abc.abstractmethod
    def may_write(self, user: Any) -> bool: ...

    @abc.abstractmethod
    def may_publish(self, user: Any) -> bool:
        """Also correct, withdraw, pin."""

    def signs_as(self, user: Any) -> str:
        """The name that this account may put under what it sends; "" where nothing is signed."""
        return ""

    @abc.abstractmethod
    def entries(self, user: Any) -> list[Entry]:
        """The newest ``SHOWN``, scheduled ones on top; to whoever may not publish, of drafts only
        their own."""

    @abc.abstractmethod
    def entry(self, id: str, user: Any, *, locked: bool = False) -> Entry:
        """``locked``: until the end of the transaction nobody else changes it."""

    @abc.abstractmethod
    def send(
        self,
        key: uuid.UUID,
        words: Words,
        *,
        by: Any,
        publish: bool,
        at: datetime.datetime | None = None,
        signed: bool = False,
    ) -> str:
        """Something new. ``key`` was made where it was written: sent again it is the same item,
        whatever has become of it since."""

    @abc.abstractmethod
    def change_draft(self, id: str, words: Words, *, by: Any, publish: bool) -> str: ...

    @abc.abstractmethod
    def correct(self, id: str, words: Words, *, note: str, key: uuid.UUID, by: Any) -> str:
        """Change what readers have. ``note`` is for them; without one it was a slip of the pen."""

    @abc.abstractmethod
    def has_corrected(self, key: uuid.UUID) -> bool:
        """Whether that correction was made already."""

    @abc.abstractmethod
    def withdraw(self, id: str, *, reason: str, key: uuid.UUID, by: Any) -> str:
        """Take it from readers, who are told so. ``reason`` is the newsroom's alone."""

    def pin(self, id: str, on: bool, *, by: Any) -> str:
        """For lists that have ``marks``."""
        raise NotThereError(id)

    def mark_key(self, id: str, on: bool, *, by: Any) -> str:
        raise NotThereError(id)

    @abc.abstractmethod
    def take_back(self, id: str, *, by: Any) -> str:
        """Undo one's own publishing of a moment ago. Its words become a draft."""


Provider = Callable[[], Iterable[Stream]]
_providers: dict[Provider, int] = {}


def register(provider: Provider, place: int) -> None:
    """``provider()`` → the streams that are open now, in the order in which they are offered.
    ``place``: among the other providers; the screen opens with the first stream of the first."""
    _providers[provider] = place


def _all() -> Iterator[Stream]:
    for provider in sorted(_providers, key=_providers.__getitem__):
        yield from provider()


def streams_of(user: Any) -> list[Stream]:
    """Those that this account may write in."""
    return [stream for stream in _all() if stream.may_write(user)]


def has_any(user: Any) -> bool:
    """Whether there is a list for this account: asked on every page of the admin."""
    return any(stream.may_write(user) for stream in _all())


def stream_named(name: str, user: Any) -> Stream:
    for stream in streams_of(user):
        if stream.name == name:
            return stream
    raise NotThereError(name)
