"""The rival: nginx from Debian, one worker, the same packed bytes from disk (gzip_static)."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nightdesk.bench.serving.asking import Ask, ask
from nightdesk.bench.serving.processes import SERVERS, cpu_seconds, free_port, start, stop

_CONF = """
daemon off; worker_processes 1; pid %(folder)s/nginx.pid; error_log %(folder)s/error.log crit;
events { worker_connections 2048; }
http {
  types { text/html html; image/avif avif; application/octet-stream bin; }
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; keepalive_timeout 60;
  open_file_cache max=4096 inactive=60s; open_file_cache_valid 60s; open_file_cache_errors on;
  client_body_temp_path %(folder)s/body; proxy_temp_path %(folder)s/proxy;
  fastcgi_temp_path %(folder)s/fcgi; uwsgi_temp_path %(folder)s/uwsgi;
  scgi_temp_path %(folder)s/scgi;
  server {
    listen 127.0.0.1:%(port)d backlog=1024; root %(folder)s/files; gzip_static on; gzip_vary on;
    error_page 404 /404.html;
  }
}
"""


@dataclass
class Nginx:
    """``files``: where what it serves is put."""

    port: int
    pid: int
    files: Path

    def put_page(self, name: str, packed: bytes) -> str:
        """A page as the newsstand sends it, gzip and plain; its path."""
        (self.files / f"{name}.html.gz").write_bytes(packed)
        (self.files / f"{name}.html").write_bytes(gzip.decompress(packed))
        return f"/{name}.html"

    def put_file(self, name: str, content: bytes) -> str:
        (self.files / name).write_bytes(content)
        return f"/{name}"

    @property
    def cpu(self) -> float:
        return cpu_seconds(self.pid)


@contextlib.contextmanager
def running() -> Iterator[Nginx]:
    """Raises ``FileNotFoundError`` when there is no nginx (``make bench-tools``)."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise FileNotFoundError("nginx")
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-nginx-") as folder:
        Path(folder).chmod(0o755)  # its worker is another account when we are root
        files = Path(folder) / "files"
        files.mkdir()
        port = free_port()
        conf = Path(folder) / "nginx.conf"
        conf.write_text(_CONF % {"folder": folder, "port": port})
        process = start([program, "-p", folder, "-c", str(conf)], SERVERS)
        try:
            _wait(port, process)
            yield Nginx(port, process.pid, files)
        finally:
            stop(process)


def _wait(port: int, process: object) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            ask(port, Ask("/"))
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("nginx did not open its port.") from None
            time.sleep(0.02)
