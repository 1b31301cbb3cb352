"""A process and everything below it: who they are and what memory they really take (Linux)."""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")


def tree(root: int) -> dict[int, str]:
    """Process id → name, of ``root`` and all below it."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except OSError:  # it ended meanwhile
            continue
        name = stat[stat.index("(") + 1 : stat.rindex(")")]
        parents[int(entry.name)] = (int(stat[stat.rindex(")") + 2 :].split()[1]), name)
    found = {root: parents.get(root, (0, "gone"))[1]}
    for pid in sorted(parents):  # a child has a later number than its parent, wraps aside
        if parents[pid][0] in found:
            found[pid] = parents[pid][1]
    return found


def pss_megabytes(pid: int) -> float:
    """Memory of one process, what it shares counted in equal parts; 0.0 when it is gone."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
