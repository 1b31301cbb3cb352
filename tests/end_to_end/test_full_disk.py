"""The disk of the newsroom's server is full under an editor's hands, and then there is room again."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.faults.full_disk import fill, small_disk
from tests.run.conftest import SETTINGS, Newsroom

from .test_two_editors import kept, until_kept

pytestmark = pytest.mark.fault

#: Seconds from room on the disk to a text that is saved.
RECOVERY = 10
#: More than the newsstand holds in memory, so that the form goes through its spool.
LONG = "The river rises and nobody sleeps. " * 4000
FULL = "The disk of the newsroom’s server is full"


@pytest.fixture
def on_a_small_disk(tmp_path: Path) -> Iterator[Newsroom]:
    first = Newsroom(tmp_path / "first", **SETTINGS).wait_until_open(180)
    first.stop()
    with small_disk(tmp_path / "disk", 40) as disk:
        data = Path(shutil.copytree(first.data, disk / "data"))
        newsroom = Newsroom(data).wait_until_open()
        newsroom.password = first.password
        try:
            yield newsroom
        finally:
            newsroom.stop(signal.SIGKILL)
            end = time.monotonic() + 5
            while newsroom.processes() and time.monotonic() < end:
                time.sleep(0.05)


@pytest.fixture
def desk(on_a_small_disk: Newsroom, chromium) -> Iterator[Page]:
    url = f"http://127.0.0.1:{on_a_small_disk.port}"
    with chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=url) as browser:
        page = browser.new_page()
        page.goto("/admin/")
        sign_in(page, on_a_small_disk)
        yield page


def sign_in(page: Page, newsroom: Newsroom) -> None:
    page.fill("#id_username", SETTINGS["NIGHTDESK_OWNER"])
    page.fill("#id_password", newsroom.password())
    page.click("button[type=submit]")


def new_story(page: Page, headline: str) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="New story").click()
    page.locator("form[data-kept-text-looked]").wait_for(state="attached")
    page.get_by_placeholder("Headline").fill(headline)


def really_full(data: Path) -> Path:
    """SQLite's log has room of its own, left from earlier changes: it is emptied first."""
    with contextlib.closing(sqlite3.connect(data / "site.db", timeout=10)) as site:
        site.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return fill(data.parent)


def test_text_outlives_a_full_disk_and_is_saved_when_there_is_room(
    on_a_small_disk: Newsroom, desk: Page
):
    data, url = on_a_small_disk.data, f"http://127.0.0.1:{on_a_small_disk.port}"
    filler = really_full(data)

    # A form opened on a full disk is whole, saves itself in vain, and says so.
    new_story(desk, "The ferry stays")
    footer = desk.locator(".footer__save-warning")
    typed = 0
    while not footer.get_by_text(FULL).is_visible():
        typed += 1
        assert typed < 40, "the database still finds room"
        desk.get_by_placeholder("Headline").fill(f"The ferry stays, {typed}")
        desk.wait_for_timeout(700)
    desk.get_by_placeholder("Headline").fill("The ferry stays")
    until_kept(desk, 1)
    expect(footer).to_contain_text("Your text is kept in this browser, and saving is tried again")

    # Nobody presses a key; there is room; it saves itself.
    filler.unlink()
    expect(desk.get_by_text("Saved", exact=True).first).to_be_visible(timeout=RECOVERY * 1000)
    until_kept(desk, 0)
    expect(footer).not_to_contain_text(FULL)

    # A long one, published with the button.
    filler = really_full(data)
    new_story(desk, "Water in the cellar")
    text = desk.locator(".public-DraftEditor-content").first
    text.click()
    desk.keyboard.insert_text(LONG)
    until_kept(desk, 1)
    with desk.expect_navigation() as answer:
        desk.get_by_role("button", name="Publish", exact=True).first.click()
    assert answer.value.status == 503
    said = desk.inner_text("main")
    assert "Not saved yet" in said and FULL in said and "nothing of this was saved" in said
    assert "and in this browser" in said and "tell whoever looks after the server" in said
    assert kept(desk) == 1

    # The first page tells no lies, and offers the text; a colleague cannot sign in, and reads why.
    window = desk.context.new_page()
    window.goto("/admin/")
    expect(window.get_by_text("that was not saved: “Water in the cellar”")).to_be_visible()
    expect(window.get_by_text(FULL)).to_be_visible()
    expect(window.get_by_text("cellar” is published")).to_be_hidden()
    expect(window.get_by_text("nobody can say")).to_be_hidden()
    refused = False
    for _try in range(8):  # a few small changes may still find room
        with desk.context.browser.new_context(base_url=url) as elsewhere:
            door = elsewhere.new_page()
            door.goto("/admin/")
            with door.expect_navigation():
                sign_in(door, on_a_small_disk)
            refused = door.get_by_text("nobody can be signed in").is_visible()
            if refused:
                expect(door.get_by_role("link", name="Try again")).to_be_visible()
                break
    assert refused

    # There is room again: the button saves and publishes all of it.
    filler.unlink()
    began = time.monotonic()
    while desk.get_by_role("heading", name="Not saved yet").is_visible():
        with desk.expect_navigation():
            desk.get_by_role("button", name="Try again").click()
        assert time.monotonic() - began < RECOVERY, on_a_small_disk.said()
    desk.wait_for_url("**/news/water-in-the-cellar/")
    took = time.monotonic() - began
    print(f"with readers {took:.1f} s after there was room")
    assert took < RECOVERY
    assert desk.content().count("The river rises and nobody sleeps.") >= 4000
    window.goto("/admin/")
    expect(window.get_by_text("that was not saved")).to_be_hidden()
    expect(window.get_by_text(FULL)).to_be_hidden()
