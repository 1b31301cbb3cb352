"""A newsroom that really answers, and Chromium to visit it: for tests that drive a browser.

``phone`` and ``desk`` are an editor's browsers, already signed in; ``reader`` is anybody's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

# Playwright keeps an event loop in this thread, and Django refuses its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
PASSWORD = "night-desk-password"


HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser are marked so; those with a newsroom of their own cannot be rolled
    back, since the server answers in threads of its own."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        if "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
        if "newsroom" in item.fixturenames:
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)


@dataclass
class Newsroom:
    """What a test may want to know of it."""

    url: str
    home: object
    section: object
    editor: object

    def admin(self, path: str = "") -> str:
        return f"{self.url}/admin/{path}"


@pytest.fixture
def newsroom(live_server) -> Newsroom:
    """An open newsroom in English and Ukrainian, one section, an editor who signs as Anna Koval."""
    from nightdesk.fronts.actions import open_newsroom
    from nightdesk.people.models import Author, User
    from nightdesk.people.roles import give_role
    from nightdesk.stories.models import SectionPage

    home = open_newsroom("The Test Post", ["en", "uk"], "News")
    author = Author.objects.create(name="Anna Koval", slug="anna-koval", locale=home.locale)
    editor = User.objects.create_user("editor", password=PASSWORD, author=author)
    give_role(editor, "desk-chief")
    section = SectionPage.objects.child_of(home).get()
    return Newsroom(live_server.url, home, section, editor)


@pytest.fixture
def page_of(chromium, newsroom) -> Iterator:
    """``page_of(PHONE, user)`` → a page of a new browser window; without a user, a reader's."""
    contexts: list[BrowserContext] = []

    def _page(device: dict, user: object = None) -> Page:
        context = chromium.new_context(**device, base_url=newsroom.url, locale="en")
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session(user, newsroom.url)])
        context.set_default_timeout(30_000)
        context.add_init_script(_NOTE_WATCHING)
        return context.new_page()

    yield _page
    for context in contexts:
        context.close()


#: Wagtail says twice that it watches a form, where something else on the page sets how often it looks;
#: what was typed between the two it takes for what was there before.
_NOTE_WATCHING = """
let isWatchedSoon;
addEventListener("w-unsaved:watch-edits", () => {
    clearTimeout(isWatchedSoon);
    isWatchedSoon = setTimeout(() => { window.isWatched = true; }, 1500);
});
"""


def until_watched(page: Page) -> None:
    """What an editor types before Wagtail watches the form, some seconds after it is there, is saved
    with the next change only."""
    page.wait_for_function("window.isWatched")


def _session(user: object, url: str) -> dict:
    """Being signed in, as a cookie: tests of the sign-in form are elsewhere."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


@pytest.fixture
def phone(page_of, newsroom) -> Page:
    return page_of(PHONE, newsroom.editor)


@pytest.fixture
def desk(page_of, newsroom) -> Page:
    return page_of(DESK, newsroom.editor)


@pytest.fixture
def reader(page_of) -> Page:
    return page_of(PHONE)
