"""The demo as its files tell it, at a moment that no test depends on."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from nightdesk.demo import script

NOW = datetime.datetime(2026, 3, 11, 15, 7, tzinfo=ZoneInfo("Europe/Kyiv"))


@pytest.fixture(scope="session")
def english() -> script.Edition:
    return script.read_edition("en", NOW)


@pytest.fixture(scope="session")
def ukrainian() -> script.Edition:
    return script.read_edition("uk", NOW)


@pytest.fixture(params=["en", "uk"])
def edition(request) -> script.Edition:
    return script.read_edition(request.param, NOW)
