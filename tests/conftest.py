"""What every test may ask for."""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Coroutine, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.plugin import blocking_manager_key

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


#: Kept here and not on the connection: beside a browser's event loop Django opens another one.
_migrated: dict[str, str] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the marks were given, and after pytest-randomly has shuffled."""
    dear_first(items)


#: Files and folders of ``tests`` without such a mark that take long too.
_LONG = ("exchange/test_import.py", "newsstand/test_changing_hands.py", "press/test_narrow.py")
_LONG += ("rights/",)


def dear_first(items: list[pytest.Item]) -> None:
    """Files that open a newsroom or drive a browser take minutes, all others seconds. Handed out a
    file at a time, a dear one that came last would leave every other processor idle.

    One of each kind by turns: two that measure how long something takes under load are seldom at it
    at once. Otherwise the order stays as it was shuffled, so that every process that shuffled with
    the same seed has the same.
    """
    kinds: dict[Path, set[str]] = {}
    for item in items:
        kinds.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers())
    faults = [path for path, marks in kinds.items() if "fault" in marks or _takes_long(path)]
    browsers = [path for path, marks in kinds.items() if "browser" in marks and path not in faults]
    turn = {path: 2 * place + 1 for place, path in enumerate(browsers)}
    turn |= {path: 2 * place for place, path in enumerate(faults)}
    last = 2 * len(kinds)
    items.sort(key=lambda item: turn.get(item.path, last))


def _takes_long(path: Path) -> bool:
    return path.is_relative_to(HERE) and str(path.relative_to(HERE)).startswith(_LONG)


@pytest.fixture(autouse=True, scope="session")
def nothing_is_forgotten_by_the_second():
    """On PostgreSQL a process forgets each second what it remembers of the database. Tests that
    count statements would count two more whenever a second happens to end."""
    from nightdesk.press import remembered

    plain = remembered._LONGEST
    remembered._LONGEST = 1e9
    yield
    remembered._LONGEST = plain


@pytest.fixture(autouse=True)
def a_loop_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a browser was driven before in this process, Playwright's loop counts as running in
    this thread, and no other may begin. It does nothing until the next browser test.

    Only for as long as a loop of ours runs: Django has another connection beside a loop, and the
    test's own transaction is on the one that it began with.
    """
    plain = asyncio.run

    def run(main: Coroutine[Any, Any, Any], **how: Any) -> Any:
        other = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return plain(main, **how)
        finally:
            asyncio._set_running_loop(other)

    monkeypatch.setattr(asyncio, "run", run)


@pytest.fixture(autouse=True, scope="session")
def assets_are_packed_once():
    """What never changes is packed as small as it gets, which is a second of work for each press
    that a test begins with. The same bytes always become the same."""
    from nightdesk.press.shelf import write

    plain = write.brotli
    packed = functools.lru_cache(maxsize=256)(plain.compress)
    write.brotli = SimpleNamespace(
        compress=lambda raw, quality: (packed if quality == 11 else plain.compress)(
            raw, quality=quality
        )
    )
    yield
    write.brotli = plain


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
):
    """In place of pytest-django's: the migrations run once for all processes. What they made is
    remembered, for the tests that empty the database."""
    from django.db import connection

    from nightdesk.fronts.actions import open_newsroom
    from tests.migrated import open_test_database
    from tests.replay import Replay

    former = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        open_test_database(request.config.cache.mkdir("migrated"))
        _migrated["contents"] = connection.creation.serialize_db_to_string()
        _know_content_types()
        # Here, where no test has begun: what one has made already would be taken for what is there.
        opening = Replay(lambda: open_newsroom("The Test Post", ["en", "uk"], "News"))
    yield opening
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(former, verbosity=0)


def _know_content_types() -> None:
    """All of them, so that no test counts a statement more or less for those before it."""
    from django.apps import apps
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.clear_cache()
    ContentType.objects.get_for_models(*apps.get_models())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """After a test whose changes cannot be rolled back, put back what the migrations had made.

    Django empties every table then, the first page and the first locale included, and whichever
    test comes next would find no tree to plant a newsroom in.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    emptied = "transactional_db" in getattr(item, "fixturenames", ()) or (
        marker and marker.kwargs.get("transaction")
    )
    if emptied and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            _put_back()
    return result


def _put_back() -> None:
    from django.apps import apps
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection

    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    connection.creation.deserialize_db_from_string(_migrated["contents"])
    with connection.cursor() as cursor:
        # PostgreSQL would count on from the numbers that were just put in by hand.
        kept = [model for model in apps.get_models() if model._meta.managed]
        for sql in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(sql)
    _know_content_types()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, once for the whole run. What a test expects to see may come late on a
    machine that is busy: the five seconds that Playwright would wait are a bound on its speed."""
    expect.set_options(timeout=30_000)
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real input that lies beside the checkout; tests read it and never copy it."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def opening(django_db_setup):
    """``opening()`` opens the newsroom of the tests, in two milliseconds instead of eighty."""
    return django_db_setup


@pytest.fixture
def newsroom(opening, db):
    """An open newsroom in English and Ukrainian with one section, and its English home page."""
    from nightdesk.fronts.models import HomePage

    opening()
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def section(newsroom):
    from nightdesk.stories.models import SectionPage

    return SectionPage.objects.child_of(newsroom).get()


@pytest.fixture
def signed_in(newsroom, client):
    """``signed_in("editor")`` → a test client that carries the session of an account with that
    role and was begun just now; its ``user`` signs as Anna Koval."""
    from nightdesk.people.models import Author, User
    from nightdesk.people.roles import give_role
    from tests.people.signing import prove

    def _signed_in(role: str):
        author, _made = Author.objects.get_or_create(
            slug="anna-koval", locale=newsroom.locale, defaults={"name": "Anna Koval"}
        )
        client.user = User.objects.create_user(role, password="night-desk", author=author)
        give_role(client.user, role)
        client.force_login(client.user)
        prove(client, client.user)
        return client

    return _signed_in
