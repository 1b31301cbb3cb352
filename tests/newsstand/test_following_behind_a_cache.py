"""Live pages behind nginx and Varnish, with the recipes that we ship."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.press.shelf.write import Shelf
from tests.ports import free_port
from tests.press.purging.varnish import RunningVarnish

from .certificates import Pair
from .door import Door
from .following import LIST, Curl, Follower, a_shelf, put

HOST = "news.example"
NGINX = Path(__file__).parents[2] / "deploy/nginx/nightdesk.conf"


class RunningNginx:
    """``port``: where it takes readers, by TLS."""

    def __init__(self, folder: Path, backend: int) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            pytest.skip("Debian's nginx is not installed")
        pair = Pair(folder)
        pair.issue(HOST)
        self.port = free_port()
        text = NGINX.read_text()
        text = re.sub(r"listen \[::\].*\n", "", text)
        for old, new in {
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "/etc/letsencrypt/live/news.example/": f"{folder}/",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{backend};",
            "/var/cache/nginx/nightdesk": str(folder / "cache"),
        }.items():
            assert old in text, old
            text = text.replace(old, new)
        whole = folder / "nginx.conf"
        whole.write_text(
            f"pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;\n"
            f"worker_processes 1; user root;\nevents {{}}\nhttp {{\n{text}\n}}\n"
        )
        self.process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(whole)], stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    opened = a_shelf(tmp_path)
    yield opened
    opened.close()


def curl(port: int, scheme: str = "https") -> str:
    """The document as a reader gets it through the cache."""
    resolve = f"{HOST}:{port}:127.0.0.1"
    command = [
        "curl",
        "-sk",
        "--compressed",
        "--resolve",
        resolve,
        f"{scheme}://{HOST}:{port}{LIST}",
    ]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def test_behind_nginx_frames_come_at_once_and_what_it_kept_is_told_again(tmp_path, shelf):
    door = Door(tmp_path, NIGHTDESK_URL=f"https://{HOST}", TRUSTED_PROXIES="127.0.0.1")
    door.wait_until_open()
    nginx = RunningNginx(tmp_path, door.port)
    reader = None
    try:
        door.wait_for(lambda: curl_answers(nginx.port))
        reader = Curl(nginx.port, 1, HOST)
        reader.wait_for("data: ")
        assert curl(nginx.port) == "first"  # from now on it is kept for two seconds
        put(shelf, "second")
        began = time.monotonic()
        reader.wait_for("data: ", 2)
        assert time.monotonic() - began < 1
        reader.wait_for("data: ", 4)
        assert time.monotonic() - began < 4
        assert curl(nginx.port) == "second"
    finally:
        if reader:
            reader.stop()
        nginx.stop()
        door.stop()


def curl_answers(port: int) -> bool:
    try:
        return bool(curl(port))
    except subprocess.CalledProcessError:
        return False


def test_behind_varnish_frames_come_at_once_and_what_it_kept_is_told_again(tmp_path, shelf):
    door = Door(tmp_path, NIGHTDESK_URL=f"http://{HOST}", TRUSTED_PROXIES="127.0.0.1")
    door.wait_until_open()
    (tmp_path / "v").mkdir()
    varnish = RunningVarnish(tmp_path / "v", door.port)
    try:
        door.wait_for(lambda: curl_kept(varnish.port) == "first")
        with Follower(varnish.port, host=HOST, cookie="a=1") as reader:
            assert reader.status == 200
            assert reader.news() is not None
            assert curl_kept(varnish.port) == "first"
            put(shelf, "second")
            began = time.monotonic()
            told = reader.news(1)
            assert told is not None
            assert reader.news(4) == reader.news(4) == told
            assert time.monotonic() - began < 4
            assert curl_kept(varnish.port) == "second"
    finally:
        varnish.stop()
        door.stop()


def curl_kept(port: int) -> str:
    return curl(port, "http")
