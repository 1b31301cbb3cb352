"""Somebody else who writes to the same database, as an editor who saves does: `python -m
nightdesk.bench.newsletters.writer`. One small transaction every 20 ms until its input ends; then it
says how long each waited for its turn, and how long all of it took, as JSON.
"""

from __future__ import annotations

import json
import select
import sys
import time

import django

_PAUSE = 0.02


def write_until_told() -> dict[str, object]:
    from django.db import connection, transaction

    waited: list[float] = []
    whole: list[float] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # connecting is not waiting
    print("writing", flush=True)
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        begun = time.perf_counter()
        with transaction.atomic():  # on SQLite the lock is taken here
            if connection.vendor == "sqlite":
                waited.append(time.perf_counter() - begun)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE newsletters_newsletter SET description = description || ''")
        whole.append(time.perf_counter() - begun)
    return {"count": len(whole), "waited": _said(waited), "whole": _said(whole)}


def _said(seconds: list[float]) -> dict[str, float]:
    """In milliseconds."""
    if not seconds:
        return {}
    inorder = sorted(seconds)
    at = {"p50": len(inorder) // 2, "p95": int(len(inorder) * 0.95), "most": -1}
    return {name: round(inorder[place] * 1000, 2) for name, place in at.items()}


def main() -> int:
    django.setup()
    print(json.dumps(write_until_told()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
