"""The plain port beside the encrypted one (80 beside 443): it sends everybody there.

It answers three kinds of request and asks nobody: proof for whoever issues certificates
(RFC 8555, 8.3), the way to the encrypted port, and nothing for hosts that are not ours, because
a redirect to whatever host was asked for would send readers anywhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nightdesk.newsstand.answers import Answers
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.peers import Peers
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.vetting import RefusedError, vet

_CHALLENGE = "/.well-known/acme-challenge/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LONGEST_PROOF = 1024


class Doorstep:
    """``url``: the public address; ``hosts``: every host name that is ours, without ports;
    ``challenges``: the folder that holds ``.well-known/acme-challenge`` (certbot's webroot)."""

    def __init__(
        self,
        url: str,
        hosts: Iterable[str],
        challenges: Path | None,
        limits: Limits,
        answers: Answers,
    ) -> None:
        self._public = urlsplit(url)
        self._hosts = frozenset(hosts)
        self._challenges = challenges
        self._limits = limits
        self._answers = answers
        self._security = SecurityHeaders()
        self._peers = Peers()
        self.leaving = False

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        accept = scope.headers.get("accept") or ""
        try:
            asked = vet(scope, self._limits, self._peers)
            reply = self._proof(asked.path) or self._way(asked.host, asked.target, asked.method)
        except RefusedError as refused:
            reply = self._answers.refused(refused.status, refused.sentence, accept)
        self._security.add(reply, scope.path)
        reply.headers.append(("connection", "close"))
        reply.send(protocol, head=scope.method == "HEAD")

    def _proof(self, path: str) -> Reply | None:
        """The file that the issuer asks for, None when this is no such request."""
        if not path.startswith(_CHALLENGE):
            return None
        token = path.removeprefix(_CHALLENGE)
        if self._challenges and _TOKEN.fullmatch(token):
            body = _small_file(self._challenges / ".well-known" / "acme-challenge" / token)
            if body is not None:
                kind = ("content-type", "application/octet-stream")
                return Reply(200, [kind, ("cache-control", "no-store")], body)
        return Reply(404, [("content-type", "text/plain"), ("cache-control", "no-store")])

    def _way(self, host: str, target: str, method: str) -> Reply:
        """308 keeps the method: a form sent here by mistake is not turned into a reading."""
        name = re.sub(r":[0-9]+$", "", host)
        if name not in self._hosts:
            raise RefusedError(421, "This is not the site you asked for.")
        if name == self._public.hostname or self._public.port not in (None, 443):
            authority = self._public.netloc
        else:
            authority = name
        status = 301 if method in ("GET", "HEAD") else 308
        return Reply(status, [("location", f"https://{authority}{target}")])


def _small_file(file: Path) -> bytes | None:
    """Its content; None for anything but a small plain file (a link might lead anywhere)."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as opened:
        try:
            content = opened.read(_LONGEST_PROOF + 1)
        except OSError:
            return None
    return content if len(content) <= _LONGEST_PROOF else None
