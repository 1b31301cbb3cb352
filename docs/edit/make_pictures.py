"""Take the pictures of "An editor's first hour" in a demo newsroom that is running.

    nightdesk run --demo --data /some/empty/folder
    python docs/edit/make_pictures.py http://127.0.0.1:8000 NAME PASSWORD

It writes and publishes a story, so use a newsroom that is thrown away afterwards. Needs the
development dependencies and Chromium.
"""

from __future__ import annotations

import datetime
import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).parent
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1200, "height": 760}}
HEADLINE = "Night crews shut the Ternholm gates before the second crest"
TEXT = """
<p>Crews of the water service shut the last of the Ternholm gates at 11:40 p.m., two hours before
the second crest was due at the bridge.</p>
<p>“We had one chance to do it by hand, and it held,” the shift leader said.</p>
<h2>What is closed tonight</h2>
<ul><li>The lower embankment, until Friday.</li><li>Tram 9 beyond the bridge.</li></ul>
<p>The next reading of the gauge is at 6 a.m.</p>
"""


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(700)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(HERE / f"{name}.webp", quality=72, method=6)


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/admin/login/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def paste(page: Page, html: str) -> None:
    page.locator("[contenteditable=true]").first.evaluate(
        """(field, html) => {
            const clipboard = new DataTransfer();
            clipboard.setData("text/html", html);
            field.focus();
            const what = { clipboardData: clipboard, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", what));
        }""",
        html,
    )


def top_of(page: Page, selector: str) -> None:
    page.locator(selector).first.evaluate("field => field.scrollIntoView({ block: 'center' })")


def writing(page: Page) -> None:
    """One story, from the first page of the admin to its readers."""
    keep(page, "first-page")
    page.get_by_role("link", name="New story").click()
    keep(page, "new-story")
    page.get_by_role("link", name="Politics").first.click()
    page.get_by_placeholder("Headline").fill(HEADLINE)
    paste(page, TEXT)
    top_of(page, "#id_title")
    keep(page, "headline")
    top_of(page, "[contenteditable=true]")
    keep(page, "text")

    page.get_by_role("button", name="Choose an image").first.click()
    page.locator(".image-choice").first.wait_for()
    keep(page, "picture")
    page.locator(".image-choice").first.click()

    page.get_by_role("button", name="Toggle preview").click()
    page.wait_for_timeout(2500)
    keep(page, "preview")
    page.get_by_role("button", name="Toggle preview").click()

    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("” is published.")).to_be_visible()
    keep(page, "published")

    page.get_by_role("link", name=HEADLINE).first.click()
    top_of(page, "#id_update_matters")
    keep(page, "updated")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    morning = datetime.datetime.now() + datetime.timedelta(days=1)
    page.get_by_label("Go live date/time").fill(f"{morning:%Y-%m-%d} 06:30")
    keep(page, "schedule")


def live(page: Page) -> None:
    """Two entries, one just sent, and the keys."""
    page.goto("/admin/live/")
    page.locator("[data-live][data-ready]").wait_for()
    for text in ("The gauge at the bridge reads 4.1 metres.", "Tram 9 turns at the bridge."):
        page.keyboard.type(text)
        page.keyboard.press("Control+Enter")
        page.locator("[data-live-list]").get_by_text(text).first.wait_for()
    page.keyboard.type("The lower embankment is closed until Friday, the city says.")
    keep(page, "live")


def on_the_way(page: Page) -> None:
    """What is done with a telephone: a card at the cursor, a brief, the picks."""
    page.goto("/admin/stories/choose_parent/")
    page.get_by_role("link", name="Politics").first.tap()
    paste(page, TEXT)
    text = page.locator("[contenteditable=true]").first
    text.get_by_text("The next reading").tap()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("/re")
    keep(page, "card")
    page.goto("/admin/brief/")
    page.get_by_label("Text").fill("Tram 9 turns at the bridge until the morning, the city says.")
    page.get_by_label("Source").fill("City transport")
    keep(page, "brief")
    page.goto("/admin/picks/")
    keep(page, "picks")


def main(url: str, name: str, password: str) -> None:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for device, walk in ((DESK, writing), (DESK, live), (PHONE, on_the_way)):
            page = browser.new_context(**device, base_url=url).new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            sign_in(page, name, password)
            walk(page)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
