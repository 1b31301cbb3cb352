"""`nightdesk bench serving` measures what it says, beside what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nightdesk.bench.serving import processes, wrk
from nightdesk.bench.serving.asking import BROWSER, Ask
from nightdesk.bench.serving.command import ROWS
from nightdesk.bench.serving.figure import Figure, number, table
from tests.run.conftest import nightdesk


def test_processor_time_is_counted_over_a_process_and_all_below_it():
    burn = (
        "import os, time\nos.fork()\nwhile time.process_time() < 0.5: pass\n"
        "print('burnt', flush=True)\ntime.sleep(60)"
    )
    process = processes.start([sys.executable, "-c", burn], None, stdout=subprocess.PIPE)
    try:
        assert [process.stdout.readline() for _both in range(2)] == [b"burnt\n"] * 2
        assert 0.9 < processes.cpu_seconds(process.pid) < 3
    finally:
        processes.stop(process)


def test_a_server_and_all_its_children_run_on_one_core():
    ask = "import os; os.fork(); print(len(os.sched_getaffinity(0)), flush=True)"
    process = processes.start(
        [sys.executable, "-c", ask], processes.SERVERS, stdout=subprocess.PIPE
    )
    assert process.communicate()[0].replace(b"\n", b"") == b"11"


class Noting(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers.items())))
        self.send_response(404 if "absent" in self.path else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


@pytest.fixture
def noting():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    server.seen = []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_readers_ask_for_every_address_with_the_headers_of_a_browser(noting):
    asks = [Ask("/a's/", dict(BROWSER)), Ask("/b/"), Ask("/absent/")]
    load = wrk.read(noting.server_address[1], asks, 1, 2)
    assert {path for path, _ in noting.seen} == {"/a's/", "/b/", "/absent/"}
    sent = next(headers for path, headers in noting.seen if path == "/a's/")
    assert BROWSER.items() <= sent.items()
    assert load.requests > 10
    assert load.refused == pytest.approx(load.requests / 3, rel=0.2)
    assert load.broken == 0


def test_paced_readers_ask_about_as_often_as_they_are_told(noting):
    load = wrk.Readers(noting.server_address[1], [Ask("/")], 3, 20, each_second=100).load()
    assert 60 < load.each_second < 130


def test_the_table_says_what_was_missed_and_how_busy_the_machine_was():
    figures = [
        Figure("a", "page", 26.04, "µs", ("nginx", 14.0), 0.54, "≥ 0.5", True, load=1.5),
        Figure("b", "publish", 1.6, "s", goal="< 1", met=False, note="p50 0.9 s", load=11.0),
    ]
    lines = table(figures).splitlines()
    assert lines[2] == "| page | 26 µs | nginx 14 µs | 0.54 | ≥ 0.5 | met | 1.5 |"
    assert lines[3] == "| publish (p50 0.9 s) | 1.6 s |  |  | < 1 | **missed** | 11.0 |"


def test_figures_are_rounded_to_what_counts():
    assert [number(value) for value in (0.04321, 26.04, 1685, 12345.6, 0)] == [
        "0.0432",
        "26",
        "1,685",
        "12,346",
        "0",
    ]


def test_an_unknown_row_is_refused_with_those_that_there_are():
    answer = nightdesk("bench", "serving", "--rows", "speed")
    assert answer.returncode == 2
    assert all(row in answer.stderr for row in ROWS)


def test_a_missing_program_is_named_with_the_command_that_installs_it(tmp_path: Path):
    command = [sys.executable, "-m", "nightdesk", "bench", "serving", "--rows", "memory"]
    environment = os.environ | {"PATH": str(tmp_path)}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert answer.returncode == 2
    assert "wrk must be installed first: make bench-tools" in answer.stderr


@pytest.mark.slow
def test_every_row_is_measured_small():
    """Costs every row at its smallest: some five minutes."""
    answer = nightdesk("bench", "serving", "--quick", "--json", timeout=1800)
    measured = json.loads(answer.stdout)
    assert {one["row"].partition(".")[0] for one in measured["figures"]} == set(ROWS)
    assert all(one["load"] >= 0 for one in measured["figures"])
