"""The newsstand as its command starts it: the door, and the serving process behind it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from tests.ports import free_port

from .certificates import Pair


class Door:
    """``python -m nightdesk.newsstand`` on free ports, with TLS when given a ``pair``."""

    def __init__(self, folder: Path, pair: Pair | None = None, **settings: str) -> None:
        self.port, self.plain = free_port(), free_port()
        self.log = folder / "door.log"
        self.tls = pair is not None
        environ = {name: value for name, value in os.environ.items() if "NIGHTDESK" not in name}
        environ |= {"PORT": str(self.port), "NIGHTDESK_DATA": str(folder)} | settings
        if pair:
            environ |= {"TLS_CERT": str(pair.cert), "TLS_KEY": str(pair.key)}
            environ.setdefault("HTTP_PORT", str(self.plain))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nightdesk.newsstand", "--spool", str(folder / "spool")],
                stdout=log,
                stderr=log,
                env=environ,
            )

    def wait_for(self, what: Callable[[], object], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.02)

    def wait_until_open(self, port: int = 0) -> Door:
        def knock() -> bool:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port or self.port), 1).close()
                return True
            return False

        self.wait_for(knock)
        return self

    def said(self) -> str:
        return self.log.read_text()

    def connect(self, timeout: float = 30) -> http.client.HTTPConnection:
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, context=trusting_anybody()
        )

    def get(self, path: str = "/news/", **headers: str) -> http.client.HTTPResponse:
        connection = self.connect()
        connection.request("GET", path, headers={"Host": "localhost", **headers})
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def serial(self) -> int:
        """Of the certificate that a new reader is shown; 0 when nobody answers."""
        try:
            pem = ssl.get_server_certificate(("127.0.0.1", self.port), timeout=5)
        except OSError:
            return 0
        return x509.load_pem_x509_certificate(pem.encode()).serial_number

    def servers(self) -> list[int]:
        """Process ids behind the door."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in tasks.read_text().split()]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def trusting_anybody() -> ssl.SSLContext:
    """A client that takes any certificate, as tests have no authority to sign theirs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
