"""The readers: wrk from Debian, on a core of their own, asking for one thing after the other."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdesk.bench.serving.asking import Ask
from nightdesk.bench.serving.processes import READERS, start

_SCRIPT = """
local asks, pause = {}, %(pause)s
local at = 0
init = function(args)
%(asks)s
end
request = function()
  at = at %% #asks + 1
  return asks[at]
end
%(delay)s
done = function(summary, latency, requests)
  io.write(string.format(
    'RESULT{"requests":%%d,"seconds":%%f,"bytes":%%d,"refused":%%d,"broken":%%d,"p50":%%f,"p95":%%f,"p99":%%f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True)
class Load:
    """``refused``: answers from 400 on; ``broken``: connections that failed or timed out.
    Milliseconds for ``p50``, ``p95``, ``p99``."""

    requests: int
    seconds: float
    bytes: int
    refused: int
    broken: int
    p50: float
    p95: float
    p99: float

    @property
    def each_second(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


class Readers:
    """Readers under way; ``load()`` waits until they have finished."""

    def __init__(
        self,
        port: int,
        asks: Sequence[Ask],
        seconds: float,
        connections: int,
        *,
        each_second: int = 0,
    ) -> None:
        """``each_second``: about so many requests in all; 0: as many as they can."""
        self._folder = tempfile.TemporaryDirectory(prefix="nightdesk-bench-")
        script = Path(self._folder.name) / "ask.lua"
        script.write_text(
            _script(port, asks, connections * 1000 // (each_second or 1), each_second)
        )
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout"]
        command += ["10s", "-s", str(script), f"http://127.0.0.1:{port}"]
        self._process = start(command, READERS, log=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def load(self) -> Load:
        """Raises ``RuntimeError`` when wrk did not do its work."""
        out, _ = self._process.communicate()
        self._folder.cleanup()
        for line in out.decode().splitlines():
            if line.startswith("RESULT"):
                return Load(**json.loads(line.removeprefix("RESULT")))
        raise RuntimeError(f"wrk ended without a result: {out.decode()[-500:]}")


def read(port: int, asks: Sequence[Ask], seconds: float, connections: int) -> Load:
    """As many requests as the server takes, for some seconds."""
    return Readers(port, asks, seconds, connections).load()


def _script(port: int, asks: Sequence[Ask], pause: int, paced: int) -> str:
    lines = []
    for one in asks:
        headers = {"Host": f"127.0.0.1:{port}", **one.headers}
        table = ", ".join(f"[{_lua(name)}] = {_lua(value)}" for name, value in headers.items())
        lines.append(f"  asks[#asks + 1] = wrk.format('GET', {_lua(one.path)}, {{{table}}})")
    delay = f"delay = function() return math.random({pause // 2}, {pause * 3 // 2}) end"
    return _SCRIPT % {"asks": "\n".join(lines), "pause": pause, "delay": delay if paced else ""}


def _lua(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
