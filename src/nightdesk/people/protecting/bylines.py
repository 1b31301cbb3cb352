"""Bylines in what is kept as JSON: drafts, revisions, links to check a story."""

from __future__ import annotations

from typing import Any

from nightdesk.people.protecting.registry import Desks


def sign_in_draft(content: dict[str, Any], desks: Desks) -> bool:
    """In one kept state of what is signed the desk signs where the author did, once. Whether anything
    was changed."""
    lines = content.get("bylines") or []
    if not any(line.get("author") in desks for line in lines):
        return False
    signed = {line.get("desk") for line in lines if line.get("desk")}
    kept = []
    for line in lines:
        desk = desks.get(line.get("author"))
        if desk is None:
            kept.append(line)
        elif desk.pk not in signed:
            signed.add(desk.pk)
            kept.append({**line, "author": None, "desk": desk.pk})
    content["bylines"] = kept
    return True
