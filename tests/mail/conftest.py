"""What every test of mail may rely on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def a_loop_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a browser was driven before in this process, Playwright's loop counts as running in
    this thread, and no other may begin. It does nothing until the next browser test.

    Only for as long as a loop of ours runs: Django has another connection beside a loop, and the
    test's own transaction is on the one that it began with.
    """
    plain = asyncio.run

    def run(main: Coroutine[Any, Any, Any], **how: Any) -> Any:
        other = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return plain(main, **how)
        finally:
            asyncio._set_running_loop(other)

    monkeypatch.setattr(asyncio, "run", run)
