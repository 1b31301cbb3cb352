"""Traces of editions lie in a folder of each test's own."""

from __future__ import annotations

import pytest

from nightdesk.newsletters.delivery import trace


@pytest.fixture(autouse=True)
def folder_of_traces(monkeypatch, tmp_path):
    monkeypatch.setattr(trace, "_folder", lambda: tmp_path / "editions")
