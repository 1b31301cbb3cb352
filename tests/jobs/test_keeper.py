"""What works beside the worker's tasks is started again when it dies, and ends with the worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from nightdesk.jobs import keeper
from nightdesk.jobs.keeper import Keeper
from nightdesk.kernel.child import Child, fork
from nightdesk.mail import apps as mail

pytestmark = pytest.mark.fault


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def wait_for(so, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Family:
    """A keeper in a process of its own, with children that note that they live, and how they end."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.pid = fork("keeper", lambda: Keeper([Child(n, n, self.work(n)) for n in names]).keep())

    def work(self, name: str):
        def _work() -> None:
            ended: list[int] = []
            signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
            (self.folder / f"{name}.new").write_text(str(os.getpid()))
            (self.folder / f"{name}.new").replace(self.folder / name)
            while not ended:
                time.sleep(0.02)
            time.sleep(0.2)  # what is in hand is finished
            (self.folder / f"{name} ended").touch()

        return _work

    def of(self, name: str) -> int:
        try:
            return int((self.folder / name).read_text())
        except OSError:
            return 0


@pytest.fixture
def family(tmp_path):
    kept = Family(tmp_path, "tasks", "mail")
    wait_for(lambda: kept.of("tasks") and kept.of("mail"))
    yield kept
    if alive(kept.pid):
        os.kill(kept.pid, signal.SIGKILL)
        os.waitpid(kept.pid, 0)


def test_who_dies_is_started_again_and_the_other_does_not_notice(family):
    mail, tasks = family.of("mail"), family.of("tasks")
    os.kill(mail, signal.SIGKILL)
    wait_for(lambda: family.of("mail") not in (0, mail))
    assert family.of("tasks") == tasks and alive(tasks)


def test_told_to_stop_all_finish_what_they_have_in_hand(family, tmp_path):
    os.kill(family.pid, signal.SIGTERM)
    _pid, status = os.waitpid(family.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert (tmp_path / "mail ended").exists() and (tmp_path / "tasks ended").exists()


def test_killed_outright_it_leaves_nobody_behind(family):
    pids = [family.of("mail"), family.of("tasks")]
    os.kill(family.pid, signal.SIGKILL)
    os.waitpid(family.pid, 0)
    wait_for(lambda: not any(map(alive, pids)))


def test_the_sender_of_mail_is_one_of_them():
    assert {child.name: child.work for child in keeper.children()}["mail"] is mail._post
