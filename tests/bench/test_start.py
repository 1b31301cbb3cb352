"""`nightdesk bench start` measures what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from nightdesk.bench.tree import pss_megabytes, tree
from tests.run.conftest import nightdesk


def test_memory_is_counted_over_a_process_and_all_below_it():
    child = subprocess.Popen(
        [sys.executable, "-c", "x = b'x' * 30_000_000; print('here', flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout.readline() == b"here\n"
        found = tree(os.getpid())
        assert {os.getpid(), child.pid} <= set(found)
        assert 30 < pss_megabytes(child.pid) < 60
    finally:
        child.kill()
        child.communicate()
    assert pss_megabytes(child.pid) == 0.0


def test_an_unknown_measurement_lists_those_that_there_are():
    answer = nightdesk("bench", "gauge")
    assert answer.returncode == 2
    assert "start" in answer.stderr


@pytest.mark.slow
def test_a_start_is_measured_beside_django_alone():
    """Costs four starts of a newsroom: half a minute on a quiet machine."""
    answer = nightdesk("bench", "start", "--json", "--runs", "1", timeout=600)
    assert answer.returncode == 0, answer.stderr
    measured = json.loads(answer.stdout)
    assert measured["django_alone_seconds"] > 0
    for kind in ("empty", "demo"):
        assert measured[kind]["later_start_seconds"] > 0
        assert 50 < measured[kind]["megabytes"] < 400
        assert "nd-newsstand" in measured[kind]["megabytes_of_each"]
