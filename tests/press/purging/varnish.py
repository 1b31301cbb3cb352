"""The real Varnish with the recipe that we ship, on a free port."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.ports import free_port

RECIPE = Path(__file__).parents[3] / "deploy/varnish/default.vcl"


def recipe(backend_port: int, **changes: str) -> str:
    """Our recipe with its marked places set for a test."""
    text = RECIPE.read_text()
    text = text.replace('.port = "8000"', f'.port = "{backend_port}"')
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


class RunningVarnish:
    """``address``: where it answers readers and takes purges."""

    def __init__(self, folder: Path, backend_port: int) -> None:
        if not shutil.which("varnishd"):
            pytest.skip("Debian's varnish and varnish-modules are not installed")
        vcl = folder / "default.vcl"
        vcl.write_text(recipe(backend_port))
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        command = [
            "varnishd",
            "-j",
            "none",
            "-F",
            "-f",
            str(vcl),
            "-a",
            f"http=127.0.0.1:{self.port}",
        ]
        command += ["-n", str(folder / "varnish"), "-s", "malloc,64M", "-T", "none"]
        command += ["-p", "thread_pool_min=10", "-p", "thread_pools=1"]
        with (folder / "varnish.log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        said = folder / "varnish.log"
        deadline = time.monotonic() + 60
        while not _answers(self.port):
            assert self.process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


def _answers(port: int) -> bool:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/", headers={"Host": "nobody.example"})
        return bool(re.match("421", str(connection.getresponse().status)))
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
