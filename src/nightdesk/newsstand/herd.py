"""Many readers of one page that is not printed yet: the site is asked once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.site import Errand, SiteSlowError
from nightdesk.newsstand.vetting import Asked

#: Those who come later wait this long on what the first has asked for.
_PATIENCE = 2.0
#: An answer is good for those who come within this, unless the press has printed the page.
_KEPT = 1.0
_LARGEST_KEPT = 512 * 1024
#: What a page for everybody may not depend on.
_PERSONAL = frozenset(
    [
        *("cookie", "authorization", "accept-encoding", "accept-language"),
        *("range", "if-range", "if-none-match", "if-modified-since"),
    ]
)


@dataclass(eq=False, slots=True)
class _Flight:
    errand: Errand
    task: asyncio.Task[Reply]
    waiting: int = 0
    outdated: bool = False


class Herd:
    """``ask``: asks the site (``Site.ask``)."""

    def __init__(self, ask: Callable[[Errand], Awaitable[Reply]]) -> None:
        self._ask = ask
        self._flights: dict[str, _Flight] = {}

    def forget(self, changed: list[str] | None) -> None:
        """These paths have changed (None: maybe all): nobody joins an answer from before."""
        for path in list(self._flights) if changed is None else changed:
            flight = self._flights.pop(path, None)
            if flight is not None:
                flight.outdated = True

    async def ask(self, asked: Asked, left: Awaitable[None]) -> Reply | None:
        """The site's answer, for ``asked`` or for everybody; None when the reader ``left`` first.

        Raises what ``Site.ask`` raises, and ``SiteSlowError`` when others wait too long.
        """
        path = asked.path
        flight = self._flights.get(path)
        first = flight is None
        if flight is None:
            flight = self._begin(path, asked)
        flight.waiting += 1
        leaving = asyncio.ensure_future(left)
        try:
            await asyncio.wait(
                (flight.task, leaving),
                timeout=None if first else _PATIENCE,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            gone = leaving.done()
            leaving.cancel()
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._abandon(path, flight)
        if flight.task.done():
            if flight.task.cancelled():
                return None
            shared = flight.task.result()
            if not _is_for_everybody(shared) and not (first and _is_a_stranger(asked)):
                return await self._ask(Errand(asked, b""))
            return Reply(
                shared.status, list(shared.headers), shared.body, shared.file, shared.length
            )
        if gone:
            return None
        raise SiteSlowError

    def _begin(self, path: str, asked: Asked) -> _Flight:
        errand = Errand(_for_everybody(asked), b"")
        flight = _Flight(errand, asyncio.ensure_future(self._ask(errand)))
        self._flights[path] = flight
        flight.task.add_done_callback(lambda _: self._landed(path, flight))
        return flight

    def _abandon(self, path: str, flight: _Flight) -> None:
        """Nobody waits any more: it loses its place in the line, and keeps one in the site."""
        flight.errand.abandoned = True
        self._remove(path, flight)
        if not flight.errand.in_site:
            flight.task.cancel()

    def _landed(self, path: str, flight: _Flight) -> None:
        kept = (
            not flight.task.cancelled()
            and flight.task.exception() is None
            and not flight.outdated
            and flight.task.result().status < 500
            and len(flight.task.result().body) <= _LARGEST_KEPT
            and flight.task.result().file is None
        )
        if kept:
            asyncio.get_running_loop().call_later(_KEPT, self._remove, path, flight)
        else:
            self._remove(path, flight)

    def _remove(self, path: str, flight: _Flight) -> None:
        if self._flights.get(path) is flight:
            del self._flights[path]


def _for_everybody(asked: Asked) -> Asked:
    headers = [(name, value) for name, value in asked.headers if name not in _PERSONAL]
    return replace(
        asked, method="GET", headers=headers, target=asked.target.partition("?")[0], length=0
    )


def _is_a_stranger(asked: Asked) -> bool:
    """Whether nothing was left out of the question that says who asks: somebody who has said the
    password of a restricted page would be asked for it again and again."""
    return not any(name in ("cookie", "authorization") for name, _value in asked.headers)


def _is_for_everybody(reply: Reply) -> bool:
    told = ", ".join(value for name, value in reply.headers if name == "cache-control").lower()
    return not reply.has("set-cookie") and "private" not in told and "no-store" not in told
