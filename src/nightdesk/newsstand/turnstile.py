"""Turn a flood away where it costs least: in granian's thread, with an answer that is ready.

What the long way does with a request too many (wake the event loop, make a task, take its body in,
write a page) is dear beside the refusal itself, and while it does so, readers wait for the
interpreter. So whatever may come in floods is looked at here first, in the very moment it comes.
Nothing is counted here and nobody is let in: who is not refused takes the long way, which counts.
"""

from __future__ import annotations

from typing import Any

from nightdesk.kernel.devices import Devices
from nightdesk.kernel.private_log import place
from nightdesk.newsstand.answers import Answers, wants_json
from nightdesk.newsstand.gate import Gate
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.log import Sparingly
from nightdesk.newsstand.peers import Peers
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.site import Site
from nightdesk.newsstand.streams import Streams, no_room
from nightdesk.newsstand.vetting import (
    Asked,
    RefusedError,
    is_search,
    is_staff_path,
    vet,
    wants_stream,
)

#: Worth trying again after so many seconds, when too many wait for the site.
CROWD_SECONDS = 10
#: Ready answers kept: one for each kind and number of seconds to wait.
_MOST_READY = 1000
_Kind = tuple[str, int, str, bool, bool]


class Turnstile:
    """Asks ``gate`` whether this comes too often, and ``site`` whether its lane is full."""

    def __init__(
        self,
        *,
        limits: Limits,
        peers: Peers,
        devices: Devices | None,
        gate: Gate,
        site: Site,
        answers: Answers,
        security: SecurityHeaders,
        log: Sparingly,
        streams: Streams | None = None,
    ) -> None:
        self._limits = limits
        self._peers = peers
        self._devices = devices
        self._gate = gate
        self._site = site
        self._answers = answers
        self._security = security
        self._log = log
        self._streams = streams
        self._ready: dict[_Kind, Reply] = {}

    def turns_away(self, scope: Any, protocol: Any) -> bool:
        """Whether this has been refused, and thus answered. Runs in granian's thread."""
        method, path = scope.method, scope.path
        reads = method == "GET" or method == "HEAD"
        # Pages that are only read are shared by all who ask for them (see ``herd``).
        if reads and not is_staff_path(path) and not is_search(path):
            return self._streams is not None and self._finds_no_room(scope, protocol)
        try:
            asked = vet(scope, self._limits, self._peers, self._devices)
        except RefusedError:
            return False  # the long way finds the words
        try:
            self._gate.look(asked)
        except RefusedError as refused:
            reply = self._reply(asked, refused.sentence, refused.retry, refused.more)
        else:
            if not self._site.is_crowded(asked.lane):
                return False
            reply = self._reply(asked, "", CROWD_SECONDS)
            self._log.error(
                "crowd", "%s %s: too many wait (%s); 503", method, place(path), asked.lane
            )
        reply.send(protocol, head=method == "HEAD")
        return True

    def _finds_no_room(self, scope: Any, protocol: Any) -> bool:
        """A hundred thousand may follow a live page at once, and few of them find a place."""
        if not wants_stream(scope) or self._streams is None or not self._streams.full:
            return False
        reply = no_room()
        self._security.add(reply, scope.path)
        reply.send(protocol)
        return True

    def _reply(
        self, asked: Asked, sentence: str, retry: int, more: dict[str, str] | None = None
    ) -> Reply:
        """429 with ``sentence``, or without one 503: too many wait. Made once of each kind, but
        for a script that is given ``more``: a challenge of its own."""
        accept = next((value for name, value in asked.headers if name == "accept"), "")
        if more and wants_json(accept):
            reply = self._answers.refused(429, sentence, accept, retry, asked.path, more)
            self._security.add(reply, asked.path)
            return reply
        language = self._answers.language(asked.path)
        kind = (sentence, retry, language, wants_json(accept), asked.is_staff_path)
        reply = self._ready.get(kind)
        if reply is None:
            if len(self._ready) >= _MOST_READY:
                self._ready.clear()
            if sentence:
                reply = self._answers.refused(429, sentence, accept, retry, asked.path)
            else:
                reply = self._answers.closed(asked.path, accept, retry)
            self._security.add(reply, asked.path)
            self._ready[kind] = reply
        return reply
