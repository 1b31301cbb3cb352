"""A command finds the newsroom that runs on its data folder, and no other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from nightdesk.settings import running
from nightdesk.settings.running import Running
from nightdesk.settings.table import Settings

HERE = Running("http://127.0.0.1:8012", "0.0.0.0", 8012, False)


def settings(data, **given: str) -> Settings:
    return Settings({"NIGHTDESK_DATA": str(data), **given})


def test_first_the_url_then_what_runs_then_the_port(tmp_path):
    assert settings(tmp_path, PORT="8077").public_url == "http://127.0.0.1:8077"
    running.leave(tmp_path, HERE)
    assert settings(tmp_path, PORT="8077").public_url == "http://127.0.0.1:8012"
    assert settings(tmp_path, PORT="8077").door == HERE
    set_ = settings(tmp_path, NIGHTDESK_URL="https://news.example/")
    assert set_.public_url == "https://news.example" and set_.door.port == 8012
    running.forget(tmp_path)
    assert settings(tmp_path, PORT="8077").public_url == "http://127.0.0.1:8077"
    running.forget(tmp_path)


def test_what_it_would_open_itself_is_never_what_runs(tmp_path):
    running.leave(tmp_path, HERE)
    own = settings(tmp_path, PORT="8077", HOST="::").own_door
    assert (own.url, own.host, own.port) == ("http://127.0.0.1:8077", "::", 8077)


LEAVE = """
import sys, time
from pathlib import Path
from nightdesk.settings import running
running.leave(Path(sys.argv[1]), running.Running("http://127.0.0.1:8012", "127.0.0.1", 8012, False))
print("left", flush=True)
time.sleep(60)
"""


def test_what_a_killed_newsroom_left_behind_is_not_believed(tmp_path):
    words = [sys.executable, "-c", LEAVE, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "left\n"
        assert running.found(tmp_path).port == 8012
        process.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert running.found(tmp_path) is None, "dead, and not yet buried"
    assert running.found(tmp_path) is None
    assert (tmp_path / running.FILE).exists()


def test_nor_that_its_number_is_now_another_process(tmp_path):
    running.leave(tmp_path, HERE)
    file = tmp_path / running.FILE
    told = json.loads(file.read_text())
    assert told["process"] == os.getpid()
    file.write_text(json.dumps(told | {"began": "1"}))
    assert running.found(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"process": "x"}', '{"process": 1}'])
def test_a_file_that_makes_no_sense_is_no_newsroom(tmp_path, text):
    (tmp_path / running.FILE).write_text(text)
    assert running.found(tmp_path) is None
