"""The application that granian calls once a request."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from typing import Any

from nightdesk.kernel.devices import Devices
from nightdesk.kernel.private_log import place
from nightdesk.newsstand.answers import Answers
from nightdesk.newsstand.bodies import Body, ClientGoneError, Intake
from nightdesk.newsstand.counter import Counter
from nightdesk.newsstand.gate import Gate
from nightdesk.newsstand.herd import Herd
from nightdesk.newsstand.lanes import LaneFullError
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.log import Sparingly, logger
from nightdesk.newsstand.peers import Peers
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.site import Errand, Site, SiteGoneError, SiteSlowError
from nightdesk.newsstand.streams import Streams
from nightdesk.newsstand.turnstile import CROWD_SECONDS, Turnstile
from nightdesk.newsstand.vetting import Asked, RefusedError, vet, wants_stream


class Newsstand:
    """Answers every request with something: the site's page, or our own words."""

    def __init__(
        self,
        *,
        limits: Limits,
        peers: Peers,
        intake: Intake,
        site: Site,
        answers: Answers,
        security: SecurityHeaders,
        devices: Devices | None = None,
        secret: str = "",
        counter: Counter | None = None,
        herd: Herd | None = None,
        streams: Streams | None = None,
    ) -> None:
        self._limits = limits
        self._peers = peers
        self._intake = intake
        self._site = site
        self._answers = answers
        self._security = security
        self._devices = devices
        self._gate = Gate(limits, secret)
        self._log = Sparingly()
        self._since = time.time()
        self._counter = counter
        self._herd = herd
        self._streams = streams
        self._leaving = False
        self._hand_out_now = counter.serve_now if counter else _never_now
        self._turnstile = Turnstile(
            limits=limits,
            peers=peers,
            devices=devices,
            gate=self._gate,
            site=site,
            answers=answers,
            security=security,
            log=self._log,
            streams=streams,
        )

    @property
    def leaving(self) -> bool:
        """A successor serves already: each connection ends with its next answer."""
        return self._leaving

    @leaving.setter
    def leaving(self, leaving: bool) -> None:
        self._leaving = leaving
        if self._counter:
            self._counter.leaving = leaving

    def serve_now(self, scope: Any, protocol: Any) -> bool:
        """The short way (see ``at_once``): what is stored, and what is refused whatever it says."""
        return self._hand_out_now(scope, protocol) or (
            not self._leaving and self._turnstile.turns_away(scope, protocol)
        )

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        try:
            reply = await self._reply(scope, protocol)
        except ClientGoneError:
            reply = Reply(408)
        except Exception:
            logger.exception("%s %s failed here, which is a bug", scope.method, place(scope.path))
            reply = self._answers.closed(scope.path, "")
        if not reply.whole:
            self._security.add(reply, scope.path)
        if self.leaving:
            reply.headers.append(("connection", "close"))
        reply.send(protocol, head=scope.method == "HEAD")

    async def _reply(self, scope: Any, protocol: Any) -> Reply:
        accept = scope.headers.get("accept") or ""
        try:
            asked = vet(scope, self._limits, self._peers, self._devices)
            if asked.path == "/healthz":
                return await self._health()
            if self._streams and wants_stream(scope):
                return self._streams.reply(asked)
            if self._counter:
                stored = self._counter.reply(asked)
                if stored:
                    return stored
                asked = self._counter.without_noise(asked)
            self._gate.admit(asked)
            async with self._intake.body(asked, protocol) as body:
                self._gate.admit_form(asked, body)
                reply = await self._from_site(asked, body, protocol, accept)
                self._gate.signed_in(asked, body, reply.status)
                self._gate.told(asked, reply)
                return reply
        except RefusedError as refused:
            if refused.status == 503:
                self._log.error("refused", "%s: %s", place(scope.path), refused.sentence)
            return self._answers.refused(
                refused.status, refused.sentence, accept, refused.retry, scope.path, refused.more
            )

    async def _health(self) -> Reply:
        reach = self._site.reach
        await reach.look()
        site = {"reachable": reach.reachable, "since": _iso(reach.since)}
        shelf = self._counter.health() if self._counter else None
        return self._answers.health(_iso(self._since), site, shelf)

    async def _from_site(self, asked: Asked, body: Body, protocol: Any, accept: str) -> Reply:
        what = f"{asked.method} {place(asked.path)}"
        try:
            if self._herd and self._counter and self._counter.is_for_everybody(asked):
                return await self._with_others(self._herd, asked, protocol)
            return await self._unless_client_leaves(Errand(asked, body), protocol)
        except SiteGoneError as gone:
            self._log.error("site gone", "%s: the site %s; 503", what, gone)
            return self._answers.closed(asked.path, accept)
        except SiteSlowError:
            self._log.error("site slow", "%s: the site was too slow; 503", what)
            return self._answers.closed(asked.path, accept, seconds=30)
        except LaneFullError:
            self._log.error("crowd", "%s: too many wait (%s); 503", what, asked.lane)
            return self._answers.closed(asked.path, accept, CROWD_SECONDS)

    async def _with_others(self, herd: Herd, asked: Asked, protocol: Any) -> Reply:
        """The site's answer to everybody who asks this now, or ``ClientGoneError``."""
        reply = await herd.ask(asked, _left(protocol))
        if reply is None:
            raise ClientGoneError
        return reply

    async def _unless_client_leaves(self, errand: Errand, protocol: Any) -> Reply:
        """The site's answer, or ``ClientGoneError``.

        In the line, a request whose reader has left is forgotten. In the site it keeps its place
        until the site begins to answer, because the site works on it all the same: so a flood of
        requests that hang up at once never has more than its places at work.
        """
        answer = asyncio.create_task(self._site.ask(errand))
        left = asyncio.create_task(_left(protocol))
        try:
            await asyncio.wait((answer, left), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                errand.abandoned = True
                if not errand.in_site:
                    answer.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await answer
                raise ClientGoneError
            return await answer
        finally:
            left.cancel()


def _never_now(scope: Any, protocol: Any) -> bool:
    return False


async def _left(protocol: Any) -> None:
    await protocol.client_disconnect()


def _iso(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).isoformat(timespec="seconds")
