"""The worker process: runs queued tasks one after another until it is told to stop."""

from __future__ import annotations


def run() -> None:
    """Work until SIGTERM; the task in hand is finished first."""
    from django.core.management import call_command

    call_command("db_worker", "--queue-name", "*", "--interval", "1", "--no-startup-delay")
