"""What every test of mail may rely on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def a_loop_of_ones_own() -> Iterator[None]:
    """Where a browser was driven before in this process, Playwright's loop counts as running in
    this thread, and no other may begin. It does nothing until the next browser test."""
    other = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(other)
