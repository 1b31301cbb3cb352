"""Faults are injected into the newsroom that `nightdesk run` opens; see tests/run."""

from tests.run.conftest import data, first_run, newsroom, open_newsroom, running

__all__ = ["data", "first_run", "newsroom", "open_newsroom", "running"]
