"""Coverage and updates as an editor would make them."""

from __future__ import annotations

import uuid

from nightdesk.coverage.actions import send_entry, start_coverage
from nightdesk.coverage.models import Coverage, Entry


def a_coverage(headline: str = "The river rises", language: str = "en", **more: object) -> Coverage:
    return start_coverage(uuid.uuid4(), language, headline, **more)[0]


def an_entry(coverage: Coverage, text: str = "Water is at the gates.", **more: object) -> Entry:
    return send_entry(uuid.uuid4(), coverage.pk, text, **more)[0]
