"""The names that a new newsroom's lexicon begins with, a file for each language."""

from __future__ import annotations

from pathlib import Path


def given_names(language: str) -> dict[str, str]:
    """Term → typed as it sounds. Empty for a language that has no file."""
    file = Path(__file__).with_name(f"{language}.txt")
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {term: says for term, _equals, says in pairs}
