"""A stand-in for the site: real HTTP over a real unix socket, saying what it was asked.

``/echo`` answers with the request as JSON. The other paths misbehave in the way they are named.
"""

from __future__ import annotations

import gzip
import json
import os
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

PICTURE = bytes(range(256)) * 8192  # 2 MB, more than the newsstand keeps in memory


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def address_string(self) -> str:
        return "unix"

    def answer(self, body: bytes, status: int = 200, headers: tuple = (), length: bool = True):
        self.send_response(status)
        if not any(name.lower() == "content-type" for name, _ in headers):
            self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in headers:
            self.send_header(name, value)
        if length:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        site = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        site.seen.append((self.command, self.path))
        path = self.path.partition("?")[0]
        if path.endswith("/echo"):
            asked = {
                "method": self.command,
                "target": self.requestline.split()[1],
                "headers": self.headers.items(),
                "body_length": len(body),
                "body": body[:200].decode("latin-1"),
            }
            self.answer(json.dumps(asked).encode(), headers=(("Content-Type", "application/json"),))
        elif self.headers.get("X-Password") == "right":
            self.answer(b"", 302, (("Location", "/admin/"),))
        elif self.headers.get("X-Password") == "half":
            self.answer(b"", 303, (("Location", "/admin/login/code/"),))
        elif self.headers.get("X-Password") == "guarded":
            self.answer(b"", headers=(("X-Nightdesk-Guarded", "1"),))
        elif path == "/gzip":
            packed = gzip.compress(b"<p>packed</p>")
            self.answer(packed, headers=(("Content-Encoding", "gzip"), ("ETag", '"a"')))
        elif path == "/picture":
            self.picture()
        elif path == "/cookies":
            self.answer(b"", headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Path=/")))
        elif path == "/for-some/":
            knows = "knows-the-word" in self.headers.get("Cookie", "")
            said = b"what only some may read" if knows else b"say the password"
            self.answer(said, headers=(("Cache-Control", "no-store, private"),))
        elif path == "/hop":
            self.answer(
                b"x",
                headers=(
                    ("Keep-Alive", "timeout=5"),
                    ("X-Private", "1"),
                    ("Connection", "X-Private"),
                    ("X-Kept", "1"),
                ),
            )
        elif path == "/not-modified":
            self.send_response(304)
            self.send_header("ETag", '"a"')
            self.end_headers()
            self.close_connection = True
        elif path == "/strict":
            self.answer(b"x", headers=(("Content-Security-Policy", "default-src 'self'"),))
        elif path == "/unstated":
            self.answer(b"<p>no length</p>", length=False)
            self.close_connection = True
        elif path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"half a story")
            self.close_connection = True
        elif path == "/cut-once":
            site.cuts += 1
            if site.cuts > 1:
                self.answer(b"whole")
            else:
                self.close_connection = True
        elif path.endswith("/slow"):
            with site.counted():
                site.take_its_time()
            self.answer(b"slow")
        elif path == "/endless":
            self.endless()
        else:
            self.answer(b"<!doctype html><title>page</title>")

    do_POST = do_HEAD = do_GET  # noqa: N815

    def picture(self) -> None:
        wanted = self.headers.get("Range")
        if not wanted:
            return self.answer(PICTURE, headers=(("Content-Type", "image/jpeg"),))
        first, last = (int(part) for part in wanted.removeprefix("bytes=").split("-"))
        part = PICTURE[first : last + 1]
        place = f"bytes {first}-{last}/{len(PICTURE)}"
        self.answer(part, 206, (("Content-Type", "image/jpeg"), ("Content-Range", place)))

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.closing:
                self.wfile.write(b"x" * 1000)
                time.sleep(0.02)
        except OSError:
            self.server.hung_up.set()
        self.close_connection = True


class StandIn(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, socket: Path) -> None:
        socket.unlink(missing_ok=True)
        super().__init__(str(socket), Handler)
        self.closing = False
        self._lock = threading.Lock()
        self.forget()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def forget(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.cuts = 0
        self.slow_seconds = 1.0
        #: Set in place of the seconds: what is slow takes until this is set, however slow the machine.
        self.release: threading.Event | None = None
        self.hung_up = threading.Event()
        self.at_once = self.most_at_once = 0

    def take_its_time(self) -> None:
        if self.release is not None:
            self.release.wait(60)
        else:
            time.sleep(self.slow_seconds)

    def hold(self) -> threading.Event:
        """From now on whatever is slow waits for this to be set."""
        self.release = threading.Event()
        return self.release

    def handle_error(self, request: object, client_address: object) -> None:
        pass

    def counted(self) -> Counted:
        return Counted(self)

    def stop(self) -> None:
        self.closing = True
        if self.release is not None:
            self.release.set()
        self.shutdown()
        self.server_close()
        os.unlink(self.server_address)


class Counted:
    """How many requests are in the stand-in at once."""

    def __init__(self, site: StandIn) -> None:
        self.site = site

    def __enter__(self) -> None:
        with self.site._lock:
            self.site.at_once += 1
            self.site.most_at_once = max(self.site.most_at_once, self.site.at_once)

    def __exit__(self, *_: object) -> None:
        with self.site._lock:
            self.site.at_once -= 1
