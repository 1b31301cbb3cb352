"""A PostgreSQL server of one's own, with Debian's programs, gone afterwards. It syncs, as in use."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nightdesk.bench.serving.processes import free_port


def tools() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    return found[-1] if found else None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Its address, as DATABASE_URL."""
    programs = tools()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed.")
    folder = Path(tempfile.mkdtemp(prefix="nightdesk-bench-"))
    as_server: list[str] = []
    if os.getuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        as_server = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "db", free_port()
    control = [*as_server, str(programs / "pg_ctl"), "-D", str(data)]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        options = ["-U", "nightdesk", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        run(*as_server, str(programs / "initdb"), "-D", str(data), *options)
        said = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        run(*control, "-w", "-l", str(folder / "log"), "start", "-o", said)
        yield f"postgresql://nightdesk@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
