"""The door: holds the ports, watches the certificate, and changes the newsstand behind them.

It serves nobody itself. Whoever serves inherits the opened ports, so changing the newsstand costs
no reader anything: the next one is started beside the old, is waited for until it serves, and only
then is the old one told to take nobody new. It gives the answers it owes, says goodbye on the
connections it still holds, and ends. Connections that nobody has taken yet wait at the port, which
is never closed.

A certificate is read here before a newsstand is started with it. If it cannot be used, the old
newsstand goes on with the old certificate, and one line says why.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from nightdesk.newsstand import certificate
from nightdesk.newsstand.certificate import BadCertificateError, Certificate
from nightdesk.newsstand.log import logger
from nightdesk.newsstand.port import CannotOpenError, open_port

#: How often the certificate's files are looked at, in seconds.
LOOK = 2.0
#: Files that change are let be until they have been still for this long, in seconds.
STILL = 1.0
#: A newsstand that does not serve after this long has failed to start, in seconds.
_PATIENCE = 20.0
#: Somebody may take this long over an upload or a film that began before the change, in seconds.
_LINGER = 900.0
#: From the signal to stop until all are gone, in seconds; our own parent gives us a little more.
_SECONDS_TO_STOP = 1.6
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWN_UP = 0.2, 10.0, 5.0
#: Fewer days than this left, and the log says so each day.
_SOON = 14


@dataclass(frozen=True)
class Ports:
    """Where to listen; ``plain`` is the port without TLS beside ``main``, 0 for none."""

    host: str
    main: int
    plain: int = 0
    tls: tuple[Path, Path] | None = None
    public_host: str = ""


@dataclass
class Newsstand:
    """One serving process. ``ready`` is the pipe on which it says that it serves."""

    process: subprocess.Popen[bytes]
    ready: int
    digest: str
    began: float = field(default_factory=time.monotonic)
    left: float = 0.0
    given_up: bool = False
    _spoken: bool = False

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def was_killed(self) -> bool:
        """By somebody else: that says nothing of whether it could have served."""
        return not self.given_up and (self.process.returncode or 0) < 0

    def serves(self) -> bool:
        """Whether it has said so; a pipe that closes without a word says nothing."""
        if not self._spoken and self.ready >= 0 and select.select([self.ready], [], [], 0)[0]:
            self._spoken = os.read(self.ready, 1) == b"r"
        return self._spoken

    def signal(self, number: int) -> None:
        if self.alive:
            self.process.send_signal(number)

    def forget_pipe(self) -> None:
        if self.ready >= 0:
            os.close(self.ready)
            self.ready = -1


class Door:
    """``command`` starts a serving process, given ``--door`` and what it inherits as JSON."""

    def __init__(self, ports: Ports, command: list[str]) -> None:
        self._ports = ports
        self._command = command
        self._opened: dict[str, socket.socket] = {"main": open_port(ports.host, ports.main)}
        if ports.plain:
            self._opened["plain"] = open_port(ports.host, ports.plain)
        self._serving: Newsstand | None = None
        self._coming: Newsstand | None = None
        self._leaving: list[Newsstand] = []
        self._has_served = False
        self._again_at = 0.0
        self._pause = _FIRST_PAUSE
        self._stopping = False
        self._asked_to_change = False
        self._refused = ""
        self._seen: tuple[str, float] = ("", 0.0)
        self._warned = 0.0
        self._wake, wake_end = os.pipe()
        for end in (self._wake, wake_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_soon)
        signal.signal(signal.SIGHUP, self._change_soon)

    def _stop_soon(self, number: int, frame: object) -> None:
        self._stopping = True

    def _change_soon(self, number: int, frame: object) -> None:
        self._asked_to_change = True

    def run(self) -> int:
        """Until told to stop. Raises ``CannotOpenError`` when no newsstand can be started."""
        self._start(self._first_certificate())
        try:
            while not self._stopping:
                self._wait()
                self._bury()
                self._welcome()
                self._watch_certificate()
                self._replace_the_dead()
        finally:
            self._stop()
        return 0

    # Starting, and changing hands

    def _start(self, held: Certificate | None) -> None:
        """Start a newsstand; without a usable certificate only the plain port is served."""
        ready, ready_end = os.pipe()
        encrypted = self._ports.tls is not None
        inherited = {
            name: opened.fileno()
            for name, opened in self._opened.items()
            if name == "plain" or held or not encrypted
        }
        told: dict[str, object] = {"ready": ready_end, "parent": os.getpid()} | inherited
        if held:
            told["ends"] = held.ends.isoformat(timespec="seconds")
        process = subprocess.Popen(
            [*self._command, "--door", json.dumps(told)],
            pass_fds=[*inherited.values(), ready_end],
        )
        os.close(ready_end)
        self._coming = Newsstand(process, ready, held.digest if held else "")

    def _welcome(self) -> None:
        """The next one serves: the old one leaves."""
        coming = self._coming
        if coming is None:
            return
        if not coming.serves():
            if time.monotonic() - coming.began > _PATIENCE:
                coming.given_up = True
                coming.process.kill()
            return
        coming.forget_pipe()
        coming.began = time.monotonic()
        self._coming = None
        self._has_served = True
        old, self._serving = self._serving, coming
        if old:
            old.left = time.monotonic()
            old.signal(signal.SIGUSR1)
            self._leaving.append(old)
            logger.info("changed: a new newsstand serves, the old one gives its last answers")

    def _wait(self) -> None:
        """Until a signal, a newsstand that is ready, or the next look."""
        ends = [self._wake] + ([self._coming.ready] if self._coming else [])
        seconds = LOOK
        if self._serving is None and self._coming is None:
            seconds = max(0.0, self._again_at - time.monotonic())
        with contextlib.suppress(InterruptedError):
            select.select(ends, [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 1024)

    def _bury(self) -> None:
        coming, serving = self._coming, self._serving
        if coming and not coming.alive and not coming.serves():
            coming.forget_pipe()
            self._coming = None
            if serving:
                self._refused = coming.digest
                logger.error("the new newsstand could not start; the old one goes on")
            elif self._has_served or coming.was_killed:
                self._again_later(coming)
            else:
                raise CannotOpenError("The newsstand could not start; the lines above say why.")
        if serving and not serving.alive:
            self._serving = None
            self._again_later(serving)
        for one in self._leaving:
            age = time.monotonic() - one.left
            if age > _LINGER:
                one.signal(signal.SIGTERM if age < _LINGER + 10 else signal.SIGKILL)
        self._leaving = [one for one in self._leaving if one.alive]

    def _again_later(self, ended: Newsstand) -> None:
        """What has served, or was killed, can serve: readers wait at the port until it does."""
        if time.monotonic() - ended.began > _GROWN_UP:
            self._pause = _FIRST_PAUSE
        self._again_at = time.monotonic() + self._pause
        _say_end(ended.process.returncode, self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _replace_the_dead(self) -> None:
        if self._serving or self._coming or self._stopping:
            return
        if time.monotonic() >= self._again_at:
            self._start(self._first_certificate())

    def _stop(self) -> None:
        everybody = [one for one in (self._serving, self._coming, *self._leaving) if one]
        for one in everybody:
            one.signal(signal.SIGTERM)
        deadline = time.monotonic() + _SECONDS_TO_STOP
        for one in everybody:
            try:
                one.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()

    # The certificate

    def _first_certificate(self) -> Certificate | None:
        """What to begin with: even one that has ended, because the plain port has to be open for
        its renewal. Raises ``CannotOpenError`` when there would be nothing to open."""
        if self._ports.tls is None:
            return None
        try:
            held = certificate.read(*self._ports.tls)
        except BadCertificateError as bad:
            if not self._ports.plain:
                raise CannotOpenError(f"There is no usable certificate: {bad}.") from bad
            logger.error("no usable certificate: %s. Until there is one, readers get nothing", bad)
            self._refused = certificate.digest(*self._ports.tls)
            return None
        trouble = held.trouble(self._ports.public_host)
        if trouble:
            logger.error("browsers will refuse the certificate: %s", trouble)
        return held

    def _watch_certificate(self) -> None:
        if self._coming:
            return
        asked, self._asked_to_change = self._asked_to_change, False
        if self._ports.tls is None:
            if asked:
                self._start(None)
            return
        now = time.monotonic()
        content = certificate.digest(*self._ports.tls)
        if content != self._seen[0]:
            self._seen = content, now
        using = self._serving.digest if self._serving else ""
        known = content in (using, self._refused)
        if not asked and (known or now - self._seen[1] < STILL):
            self._warn_in_time()
            return
        try:
            held = certificate.read(*self._ports.tls)
            trouble = held.trouble(self._ports.public_host) if content != using else ""
            if trouble and using:
                raise BadCertificateError(trouble)
        except BadCertificateError as bad:
            self._refused = content
            rest = "The old one stays in use" if using else "Readers still get nothing"
            logger.error("the new certificate cannot be used: %s. %s", bad, rest)
        else:
            self._refused = ""
            self._start(held)

    def _warn_in_time(self) -> None:
        now = time.monotonic()
        if self._ports.tls is None or (self._warned and now - self._warned < 86_400):
            return
        self._warned = now
        with contextlib.suppress(BadCertificateError):
            days = certificate.read(*self._ports.tls).days_left()
            if days < _SOON:
                logger.warning("the certificate ends in %d days; nightdesk doctor", days)


def _say_end(code: int, pause: float) -> None:
    if code < 0:
        how = f"was killed by signal {-code} ({signal.Signals(-code).name})"
    else:
        how = f"ended with code {code}"
    print(
        f"{time.strftime('%H:%M:%S')} nightdesk: The newsstand {how}; "
        f"it starts again in {pause:.1f} s.",
        file=sys.stderr,
        flush=True,
    )
