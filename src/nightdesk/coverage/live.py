"""The live document of a coverage: what open pages of it look at."""

from __future__ import annotations

from typing import Any

from nightdesk.coverage.models import Coverage


def document(coverage: Coverage) -> dict[str, Any]:
    return {"items": [], "withdrawn": [], "ended": not coverage.is_under_way}
