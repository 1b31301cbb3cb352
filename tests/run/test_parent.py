"""The parent restarts what dies, leaves nothing behind, and closes within five seconds."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from nightdesk.kernel.child import LOOP

from .conftest import environment, gone, nightdesk

pytestmark = pytest.mark.fault

ALL = {
    *("nd-door", "nd-newsstand", "nd-site", "nd-readers", "nd-newsroom", "nd-press"),
    *("nd-worker", "nd-tasks", "nd-mail", "nd-books", "nd-narration"),
}


def test_one_command_runs_all_the_processes_of_a_newsroom(running):
    running.wait_for(lambda: set(running.processes()) == ALL)
    assert running.status("/") == 200
    assert running.status("/admin/login/") == 200


def test_searches_and_voices_stand_back_behind_stored_pages_and_editors(running):
    running.wait_for(lambda: set(running.processes()) == ALL)
    processes = running.processes()

    def stands(name: str) -> tuple[int, str]:
        """How far the process stands back, and its whole session ("" where there is no such file)."""
        own = os.getpriority(os.PRIO_PROCESS, processes[f"nd-{name}"])
        said = Path(f"/proc/{processes[f'nd-{name}']}/autogroup")
        return own, (said.read_text().split() or [""])[-1] if said.exists() else ""

    front = stands("newsstand")
    assert [stands(name) for name in ("newsroom", "press", "site")] == [front] * 3
    own, session = stands("readers")
    assert own == front[0] + 5
    assert session in ("5", "")
    # Its voices are in its session, and have their own niceness within it.
    running.wait_for(lambda: stands("narration")[1] in ("10", ""))
    assert stands("narration")[0] == front[0] + 10


def test_voices_keep_to_one_core_and_the_newsstand_is_let_in_at_once(running):
    running.wait_for(lambda: set(running.processes()) == ALL)
    processes = running.processes()
    allowed = os.sched_getaffinity(processes["nd-press"])
    assert os.sched_getaffinity(processes["nd-newsstand"]) == allowed
    running.wait_for(lambda: os.sched_getaffinity(processes["nd-narration"]) == {min(allowed)})
    turns = {name: turn(processes[f"nd-{name}"]) for name in ("newsstand", "press", "narration")}
    assert turns["press"] == turns["narration"]
    # Linux before 6.12 says 0 of all of them.
    assert turns["newsstand"] == min(100_000, turns["press"])


def turn(pid: int) -> int:
    """Nanoseconds a process may work before another is let in (sched_getattr(2))."""
    number = {"x86_64": 315, "aarch64": 275}[platform.machine()]
    answer = ctypes.create_string_buffer(48)
    assert ctypes.CDLL(None, use_errno=True).syscall(number, pid, answer, 48, 0) == 0
    return struct.unpack("=IIQiIQQQ", answer.raw)[5]


@pytest.mark.parametrize("name", ["site", "newsstand", "press", "worker"])
def test_a_killed_process_is_replaced_and_said_in_one_line(running, name):
    running.wait_for(lambda: set(running.processes()) == ALL)
    before = running.processes()
    os.kill(before[f"nd-{name}"], signal.SIGKILL)
    running.wait_for(
        lambda: running.processes().get(f"nd-{name}") not in (None, before[f"nd-{name}"])
    )
    running.wait_for(lambda: set(running.processes()) == ALL)
    assert running.status("/") == 200
    what = "The " + name
    assert f"nightdesk: {what} was killed by signal 9 (SIGKILL); it starts again in" in (
        running.said()
    )


def test_readers_get_their_page_through_the_death_of_the_site(running):
    running.wait_for(lambda: set(running.processes()) == ALL)
    answers: list[int] = []

    def read() -> None:
        for _ in range(40):
            answers.append(running.status("/"))
            time.sleep(0.05)

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(0.5)
    os.kill(running.processes()["nd-site"], signal.SIGKILL)
    reader.join()
    assert set(answers) == {200}


def test_a_killed_worker_of_the_site_is_replaced_in_its_lane(running):
    running.wait_for(lambda: set(running.processes()) == ALL)
    before = running.processes()
    for name in ("nd-readers", "nd-newsroom"):
        os.kill(before[name], signal.SIGKILL)
    running.wait_for(
        lambda: set(now := running.processes()) == ALL and now["nd-readers"] != before["nd-readers"]
    )
    assert running.status("/") == 200
    assert running.status("/admin/login/") == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_closes_within_five_seconds_and_leaves_nothing(newsroom, number):
    newsroom.wait_for(lambda: set(newsroom.processes()) == ALL)
    tree = newsroom.processes()
    held = socket.create_connection(("127.0.0.1", newsroom.port))
    held.sendall(b"GET / HTTP/1.1\r\nHost: a")
    assert newsroom.stop(number) < 5
    held.close()
    assert newsroom.process.returncode == 0
    assert [name for name, pid in tree.items() if not gone(pid)] == []
    assert not (newsroom.data / "site.sock").exists()
    assert "Traceback" not in newsroom.said()


def test_ctrl_c_at_the_terminal_closes_in_order(open_newsroom):
    newsroom = open_newsroom().wait_until_open()
    newsroom.wait_for(lambda: set(newsroom.processes()) == ALL)
    os.killpg(os.getpgid(newsroom.processes()["nd-site"]), 0)
    assert len({os.getpgid(pid) for pid in newsroom.processes().values()}) >= 4
    assert newsroom.stop(signal.SIGINT) < 5
    assert newsroom.process.returncode == 0


def test_a_parent_killed_outright_leaves_no_orphans(newsroom):
    newsroom.wait_for(lambda: set(newsroom.processes()) == ALL)
    tree = newsroom.processes()
    newsroom.stop(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while not all(gone(pid) for pid in tree.values()):
        assert time.monotonic() < deadline, {n: p for n, p in tree.items() if not gone(p)}
        time.sleep(0.05)


def test_after_an_outright_kill_it_simply_opens_again(newsroom, open_newsroom):
    tree = newsroom.processes().values()
    newsroom.stop(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not all(map(gone, tree)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert open_newsroom().wait_until_open().status("/") == 200


def test_it_can_be_stopped_before_it_is_open(open_newsroom):
    newsroom = open_newsroom()
    newsroom.wait_for(lambda: "nd-newsstand" in newsroom.processes())
    assert newsroom.stop() < 5
    assert newsroom.process.returncode == 0
    assert "Traceback" not in newsroom.said()


def test_two_newsrooms_never_share_a_data_folder(running):
    second = nightdesk("run", "--data", str(running.data), "--port", "18798")
    assert second.returncode == 1
    assert second.stderr == (
        f"nightdesk: Nightdesk is already running on {running.data} (process {running.process.pid}). "
        "Stop it first, or give this one a folder of its own with --data.\n"
    )
    assert running.status("/") == 200


def test_a_port_in_use_is_one_line(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = nightdesk("run", "--data", str(data), "--port", str(port))
    assert answer.returncode == 1
    assert answer.stderr == (
        f"nightdesk: Port {port} on 127.0.0.1 is in use by another program. "
        "Stop that program, or choose another port with --port.\n"
    )


def test_a_path_too_long_for_a_socket_is_no_obstacle(first_run, tmp_path):
    import shutil

    from .conftest import Newsroom

    long = tmp_path / ("a-folder-with-a-long-name-" * 4)
    long.mkdir()
    newsroom = Newsroom(shutil.copytree(first_run.data, long / "data"))
    try:
        newsroom.wait_until_open()
        assert newsroom.status("/") == 200
        sockets = (newsroom.data / "sockets").read_text()
        assert os.stat(sockets).st_mode & 0o077 == 0
    finally:
        newsroom.stop()
    assert not os.path.exists(sockets)


def ended_by_itself(script: str) -> subprocess.CompletedProcess[str]:
    """A parent and children of the script's own making, in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
        check=False,
    )


def test_what_keeps_dying_ends_the_newsroom_with_a_sentence():
    """A child that fails at once, five pauses later: exit code 1 and the reason."""
    script = (
        "import sys\n"
        "from nightdesk.kernel import child\n"
        "from nightdesk.run import parent\n"
        "child._FIRST_PAUSE = 0.01\n"
        "watching = parent.Parent()\n"
        "import time\n"
        "watching.start(child.Child('stand', 'The newsstand', lambda: time.sleep(60)))\n"
        "watching.start(child.Child('press', 'The press', lambda: sys.exit(3)))\n"
        "sys.exit(watching.watch())\n"
    )
    ended = ended_by_itself(script)
    assert ended.returncode == 1
    assert ended.stderr.count("The press ended with code 3; it starts again in") == 6
    assert "The press keeps ending as soon as it starts; restarting does not help." in ended.stderr


#: The press ends by itself after it has worked once; or is killed each time before it has worked.
_PRESSES = {
    "ended with code 3": (
        "def press():\n"
        "    first = not os.path.exists(worked)\n"
        "    open(worked, 'w').close()\n"
        "    time.sleep(0.7 if first else 0)\n"
        "    sys.exit(3)\n"
    ),
    "was killed by signal 9": "def press():\n    os.kill(os.getpid(), signal.SIGKILL)\n",
}


@pytest.mark.parametrize("end", _PRESSES)
def test_what_can_work_is_started_again_for_ever_and_readers_keep_their_pages(end, tmp_path):
    """Whoever has worked, or was killed from outside, never ends the newsstand."""
    script = (
        "import os, signal, sys, threading, time\n"
        "from nightdesk.kernel import child\n"
        "from nightdesk.run import parent\n"
        "child._FIRST_PAUSE, child.TOO_YOUNG = 0.01, 0.5\n"
        "watching = parent.Parent()\n"
        f"worked = {str(tmp_path / 'worked')!r}\n"
        "watching.start(child.Child('stand', 'The newsstand', lambda: time.sleep(60)))\n"
        + _PRESSES[end]
        + "watching.start(child.Child('press', 'The press', press))\n"
        "sys.exit(watching.watch())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stderr=subprocess.PIPE, text=True, env=environment()
    ) as parent:
        said: list[str] = []
        while "".join(said).count(f"The press {end}") <= LOOP + 2:
            said.append(parent.stderr.readline())
            assert said[-1], "".join(said)  # it has ended
        parent.send_signal(signal.SIGTERM)
        said.append(parent.stderr.read())
    assert parent.returncode == 0, said
    assert "Nightdesk closes" not in "".join(said)
