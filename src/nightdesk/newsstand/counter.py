"""The counter, where stored pages go to readers, as quickly as Python can.

``serve_now`` is the hot path: it runs for every reader's every request, in some 4 µs, and gives up
on whatever is not plain. What it gives up takes the long way (``app``), where ``reply`` gives the
same answers to requests that have been vetted in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from nightdesk.newsstand.files import Files
from nightdesk.newsstand.hosts import Hosts, has_form
from nightdesk.newsstand.negotiating import Codings, codings, has_already
from nightdesk.newsstand.peers import Peers
from nightdesk.newsstand.ready import Ready
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.shelf import Lack, Shelf
from nightdesk.newsstand.vetting import EVENTS, Asked, RefusedError
from nightdesk.newsstand.withdrawn import Withdrawn

MEDIA = "/media/"
#: Never stored, whatever the press says: the newsroom's own side, and what we say ourselves.
_NEVER = ("/admin/", "/staff/", "/static/", MEDIA, "/healthz", "/.well-known/")
#: Ways of saying Accept-Encoding that are remembered; browsers know some twenty.
_MOST_SAYINGS = 500
_LONGEST_PATH = 2000


class Counter:
    """``peers``: knows the proxies before us; ``languages``: the newsroom's, the main one first;
    ``withdrawn``: what was taken down, asked before anything else."""

    def __init__(
        self,
        shelf: Shelf,
        files: Files,
        hosts: Hosts,
        peers: Peers,
        languages: Iterable[str] = ("en",),
        withdrawn: Withdrawn | None = None,
    ) -> None:
        self._shelf = shelf
        self._withdrawn = withdrawn or Withdrawn()
        self._files = files
        self._languages = tuple(languages)
        self._hosts = hosts
        self._peers = peers
        self._good_hosts = hosts.good
        self._hot = shelf.hot
        self._sayings: dict[str | None, Codings] = {}
        self._told_live: object = ()
        self._live: tuple[str, ...] = _NEVER
        #: A successor serves already: the long way tells each connection to end.
        self.leaving = False

    # The short way.

    def serve_now(self, scope: Any, protocol: Any) -> bool:
        """Whether this has been answered. Runs in granian's thread."""
        method = scope.method
        if (method != "GET" and method != "HEAD") or self.leaving:
            return False
        path = scope.path
        gone = self._withdrawn.at
        ready = gone(path) if gone is not None else None
        if ready is None:
            ready = self._hot.get(path)
        if ready is None:
            if path.startswith(MEDIA):
                return self._serve_file(scope, protocol, path, method)
            ready = self._look_up(path)
            if ready is None:
                return False
        headers = scope.headers
        if not self._is_plain(scope, headers):
            return False
        said = headers.get("accept-encoding")
        wanted = self._sayings.get(said)
        if wanted is None:
            wanted = self._understand(said)
        status, sent, body, etag, unchanged = ready.variants.get(wanted) or ready.variant(wanted)
        ready.hits += 1
        if etag:
            has = headers.get("if-none-match")
            if has is not None and (has == etag or has_already(has, etag)):
                protocol.response_empty(304, unchanged)
                return True
        if method == "GET":
            protocol.response_bytes(status, sent, body)
        else:
            protocol.response_empty(status, sent)
        return True

    def _is_plain(self, scope: Any, headers: Any) -> bool:
        """One host, ours; no body. Anything else is looked at more closely, the long way."""
        hosts = headers.get_all("host")
        authority = scope.authority
        if len(hosts) == 1:
            host = hosts[0]
            if authority is not None and authority != host:
                return False
        elif not hosts and authority is not None and scope.http_version == "2":
            host = authority
        else:
            return False
        return (
            (host in self._good_hosts or self._is_ours(host, scope, headers))
            and "content-length" not in headers
            and "transfer-encoding" not in headers
        )

    def _is_ours(self, host: str, scope: Any, headers: Any) -> bool:
        """A proxy may ask us under another name than the reader asked it."""
        if self._hosts.are_ours(host):
            return True
        if not has_form(host) or "x-forwarded-host" not in headers:
            return False
        seen = self._peers.seen(scope.client, scope.scheme, host, headers.items())
        return seen.host != host and self._hosts.are_ours(seen.host)

    def _look_up(self, path: str) -> Ready | None:
        """What is not in memory: from the shelf's file, or "not found" if that is certain."""
        if self._is_live(path) or not self._shelf.is_open:
            return None
        if path in self._shelf.known:
            found = self._shelf.find(path)
            if found is not Lack.NOTHING:
                return found if isinstance(found, Ready) else None
        return self._nothing_at(path)

    def _nothing_at(self, path: str) -> Ready | None:
        """The "not found" page, when it is certain that nothing is there and the path is one."""
        if not self._shelf.complete or (path[-1:] != "/" and f"{path}/" in self._shelf.known):
            return None
        if path.startswith(EVENTS):
            return None  # maybe somebody who follows a live page (see ``streams``)
        if not path.isprintable() or "\ufffd" in path or "/." in path or len(path) > _LONGEST_PATH:
            return None
        return self._not_found(path)

    def _not_found(self, path: str) -> Ready | None:
        first = path.split("/", 2)[1]
        languages = self._languages
        for language in (first, languages[0]) if first in languages else languages[:1]:
            found = self._shelf.find(f"error:404:{language}")
            if isinstance(found, Ready):
                return found
        return None

    def _understand(self, said: str | None) -> Codings:
        wanted = codings(said or "")
        if len(self._sayings) < _MOST_SAYINGS:
            self._sayings[said] = wanted
        return wanted

    def _is_live(self, path: str) -> bool:
        live = self._shelf.live
        if live is not self._told_live:
            prefixes = tuple(prefix for prefix in live or () if prefix.strip("/"))
            self._live = _NEVER + prefixes
            self._told_live = live
        return path.startswith(self._live) or f"{path}/" in self._live

    def _serve_file(self, scope: Any, protocol: Any, path: str, method: str) -> bool:
        found = self._files.find(path[len(MEDIA) :])
        if found is None:
            return False
        headers = scope.headers
        if not self._is_plain(scope, headers):
            return False
        found.send(protocol, headers, method == "HEAD")
        return True

    # The long way.

    def reply(self, asked: Asked) -> Reply | None:
        """The stored answer to a vetted request; None: the site has to be asked.

        Raises ``RefusedError`` for a host that is not ours, and for a body where none can be.
        """
        if not self._hosts.are_ours(asked.host):
            raise RefusedError(421, "This newsroom is not found under the name you asked for.")
        if asked.method not in ("GET", "HEAD"):
            return None
        path = asked.path
        gone = self._withdrawn.at
        ready = gone(path) if gone is not None else None
        if ready is not None:
            return self._stored(asked, ready)
        if not self._shelf.is_open:
            return None
        if path.startswith(MEDIA):
            return self._no_such_file(asked)
        if self._is_live(path):
            return None
        found = self._shelf.find(path)
        if isinstance(found, Ready):
            return self._stored(asked, found)
        if found is not Lack.NOTHING:
            return None
        if not path.endswith("/"):
            beside = self._shelf.find(f"{path}/")
            if isinstance(beside, Ready) or beside is Lack.UNPRINTED:
                return self._with_slash(asked)
        missing = self._not_found(path) if self._shelf.complete else None
        return self._stored(asked, missing) if missing else None

    def _no_such_file(self, asked: Asked) -> Reply | None:
        """ "Not found", when there is no such file whoever asks; its names cannot be guessed."""
        if not self._shelf.complete or self._files.exists(asked.path[len(MEDIA) :]):
            return None
        missing = self._not_found(asked.path)
        return self._stored(asked, missing) if missing else None

    def _stored(self, asked: Asked, ready: Ready) -> Reply:
        if asked.length:
            raise RefusedError(400, "A request for a page has no body.")
        told = dict(asked.headers)
        status, headers, body, etag, unchanged = ready.variant(
            codings(told.get("accept-encoding", ""))
        )
        ready.hits += 1
        has = told.get("if-none-match")
        if etag and has is not None and has_already(has, etag):
            return Reply(304, list(unchanged), whole=True)
        return Reply(status, headers[:-1], body, whole=True)

    @staticmethod
    def _with_slash(asked: Asked) -> Reply:
        path, mark, query = asked.target.partition("?")
        location = f"/{path.lstrip('/')}/{mark}{query}"
        return Reply(301, [("location", location), ("cache-control", "public, max-age=0")])

    def health(self) -> dict[str, Any]:
        return self._shelf.health()

    def is_for_everybody(self, asked: Asked) -> bool:
        """Whether the site would print the same page for everybody who asks this."""
        return (
            asked.method in ("GET", "HEAD")
            and asked.lane == "readers"
            and not asked.length
            and self._shelf.live is not None
            and not self._is_live(asked.path)
        )

    def without_noise(self, asked: Asked) -> Asked:
        """The request with only those parameters in its query that mean something at its path."""
        if asked.method not in ("GET", "HEAD") or "?" not in asked.target:
            return asked
        path, _, query = asked.target.partition("?")
        live = self._shelf.live
        if live is None:
            return asked
        if not self._is_live(asked.path):
            return replace(asked, target=path) if asked.lane == "readers" else asked
        matching = [prefix for prefix in live if f"{asked.path}/".startswith(prefix)]
        meant = live[max(matching, key=len)] if matching else None
        if meant is None:
            return asked
        kept = [part for part in query.split("&") if unquote_plus(part.partition("=")[0]) in meant]
        return replace(asked, target=f"{path}?{'&'.join(kept)}" if kept else path)
