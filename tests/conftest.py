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


@pytest.fixture
def signed_in(newsroom, client):
    """``signed_in("editor")`` → a test client that carries the session of an account with that
    role; its ``user`` signs as Anna Koval."""
    from nightdesk.people.models import Author, User
    from nightdesk.people.roles import give_role

    def _signed_in(role: str):
        author, _made = Author.objects.get_or_create(
            slug="anna-koval", locale=newsroom.locale, defaults={"name": "Anna Koval"}
        )
        client.user = User.objects.create_user(role, password="night-desk", author=author)
        give_role(client.user, role)
        client.force_login(client.user)
        return client

    return _signed_in
