"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real input that lies beside the checkout; tests read it and never copy it."""
    return SHARED_DATA


@pytest.fixture
def newsroom(db):
    """An open newsroom in English and Ukrainian with one section, and its English home page."""
    from nightdesk.fronts.actions import open_newsroom

    return open_newsroom("The Test Post", ["en", "uk"], "News")


@pytest.fixture
def section(newsroom):
    from nightdesk.stories.models import SectionPage

    return SectionPage.objects.child_of(newsroom).get()
