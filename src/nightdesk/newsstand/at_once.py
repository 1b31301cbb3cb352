"""Answer what is ready in the very moment it is asked for.

granian hands each request from its own thread to our event loop, which wakes up, makes a task and
runs it: half of what a stored page costs. Here the request is first offered to ``serve_now`` in
granian's thread; only what cannot be answered, or refused, from memory goes to the loop. The
figures are in docs/decisions/newsstand-shelf.md.

This stands where granian's own ``Server._spawn_rsgi_worker`` stands (2.8), given to
``Server.serve`` as its ``spawn_target``; a test tells when an update of granian no longer fits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, cast

from granian._granian import CallbackScheduler, RSGIWorker
from granian.server.embed import AsyncWorker

from nightdesk.newsstand.log import logger


class Application(Protocol):
    """``serve_now`` runs in granian's thread, never waits, and answers True when it has answered;
    ``__rsgi__`` runs in the event loop and does the rest."""

    def serve_now(self, scope: Any, protocol: Any) -> bool: ...

    async def __rsgi__(self, scope: Any, protocol: Any) -> None: ...


def _scheduler(loop: asyncio.AbstractEventLoop, application: Application) -> Any:
    scheduler = cast(Any, CallbackScheduler)(loop, None, None, None, None)
    scheduler._schedule_fn = _schedule(loop, application)
    return scheduler


def _schedule(loop: asyncio.AbstractEventLoop, application: Application) -> Callable[[Any], None]:
    serve_now = application.serve_now

    async def answer(watcher: Any) -> None:
        try:
            await application.__rsgi__(watcher.scope, watcher.proto)
        except BaseException as error:
            watcher.err(error)
        else:
            watcher.done()

    def begin(watcher: Any) -> None:
        watcher.taskref(loop.create_task(answer(watcher)))

    def schedule(watcher: Any) -> None:
        # Whatever is raised here would be raised in granian's own code: nothing may be.
        try:
            if serve_now(watcher.scope, watcher.proto):
                return
        except Exception:
            logger.exception("nothing could be answered at once, which is a bug")
        try:
            loop.call_soon_threadsafe(begin, watcher)
        except RuntimeError:  # the loop is closed: we are stopping
            watcher.done()

    return schedule


@AsyncWorker.wrap_target  # type: ignore[untyped-decorator]
async def spawn(
    worker_id: int,
    shutdown: Any,
    application: Application,
    sock: Any,
    loop: asyncio.AbstractEventLoop,
    runtime_threads: int,
    runtime_blocking_threads: int | None,
    blocking_threads: int,
    blocking_threads_idle_timeout: int,
    backpressure: int,
    task_impl: Any,
    http_mode: Any,
    http1_settings: Any,
    http2_settings: Any,
    websockets: bool,
    static_path: Any,
    log_access_format: str | None,
    ssl_context: tuple[Any, ...],
    scope_options: dict[str, Any],
) -> None:
    """Serve until told to stop (``spawn_target`` of granian's embedded server)."""
    ended = loop.create_future()
    shutdown.add_cb(lambda: loop.call_soon_threadsafe(ended.set_result, None))
    worker = cast(Any, RSGIWorker)(
        worker_id,
        sock,
        None,
        runtime_threads,
        runtime_blocking_threads,
        blocking_threads,
        blocking_threads_idle_timeout,
        backpressure,
        http_mode,
        http1_settings,
        http2_settings,
        websockets,
        static_path,
        *ssl_context,
        (None, None),
    )
    worker.serve_async(_scheduler(loop, application), loop, shutdown)
    await ended
