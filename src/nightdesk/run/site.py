"""The site: gunicorn's pre-forked workers on two unix sockets, readers' and the newsroom's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from nightdesk.kernel.processes import die_with, name_process, stand_back

#: A worker of each kind has as many threads as the newsstand sends requests at once (its lanes).
READERS, NEWSROOM = "readers", "newsroom"
_THREADS = 8
#: Searches and strangers' passwords must not slow down who hands out stored pages, or an editor.
_NICENESS = 5
#: Requests under way at a stop get this long, in seconds.
_SECONDS_TO_FINISH = 2


def lane_lacking(lanes: Sequence[str], wanted: int) -> str:
    """Which kind of worker to start next, given those that live.

    With one worker wanted it serves both; of more, the newsroom gets the odd one: an editor's
    click costs more than a reader's page.
    """
    if wanted == 1:
        return ""
    readers = wanted // 2
    return READERS if lanes.count(READERS) < readers else NEWSROOM


class Site(BaseApplication):
    """``sockets``: readers', newsroom's."""

    def __init__(self, sockets: tuple[Path, Path], workers: int) -> None:
        self._sockets = sockets
        self._workers = workers
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": [f"unix:{socket}" for socket in self._sockets],
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "keepalive": 0,
            "timeout": 180,
            "graceful_timeout": _SECONDS_TO_FINISH,
            "preload_app": True,
            "umask": 0o077,
            "loglevel": "error",
            "control_socket_disable": True,
            # The newsstand has measured every request already.
            "limit_request_line": 0,
            "limit_request_field_size": 0,
            "limit_request_fields": 200,
            "forwarded_allow_ips": "*",
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108
            "pre_fork": self._give_lane,
            "post_fork": self._in_worker,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from nightdesk.run.wsgi import application

        return application

    @staticmethod
    def _give_lane(arbiter: Any, worker: Any) -> None:
        living = [other.lane for other in arbiter.WORKERS.values()]
        worker.lane = lane_lacking(living, arbiter.num_workers)
        if worker.lane:
            readers, newsroom = arbiter.LISTENERS
            worker.sockets = [readers if worker.lane == READERS else newsroom]

    @staticmethod
    def _in_worker(arbiter: Any, worker: Any) -> None:
        die_with(arbiter.pid)
        name_process(f"nd-{worker.lane or 'site'}")
        if worker.lane == READERS:
            stand_back(_NICENESS)


def run(sockets: tuple[Path, Path], workers: int) -> None:
    """Serve until SIGTERM."""
    Site(sockets, workers).run()
