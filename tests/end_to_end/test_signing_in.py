"""An editor protects her account on the first day, and gets in the day she has lost her phone."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nightdesk.people import reauthentication
from tests.end_to_end.conftest import DESK, PASSWORD, PHONE

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def no_barrier(page: Page) -> None:
    broken = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [f"{page.url}: {one['id']} {one['nodes'][0]['target']}" for one in broken] == []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{page.url} has to be scrolled sideways"


def give_password(page: Page) -> None:
    page.goto("/admin/login/?next=/admin/pages/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    page.click("form.login-form button[type=submit]")


def code_of(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_set_up_with_an_app_and_back_with_a_recovery_code(page_of, settings, monkeypatch, device):
    settings.SECOND_FACTOR = "required"
    page = page_of(device)
    give_password(page)
    page.wait_for_url("**/admin/second-factor/**")
    no_barrier(page)
    page.goto("/admin/pages/")
    page.wait_for_url("**/admin/second-factor/**")
    page.click("text=Set up an app")
    assert (
        page.locator(".desk-qr").evaluate("img => img.decode().then(() => img.naturalWidth)") > 100
    )
    no_barrier(page)
    secret = page.text_content(".desk-secret").replace(" ", "")
    page.fill("#id_code", "000000")
    page.click("text=Confirm")
    page.locator("[role=alert]", has_text="That code is not right.").wait_for()
    assert page.text_content(".desk-secret").replace(" ", "") == secret
    page.fill("#id_code", code_of(secret))
    page.click("text=Confirm")
    page.wait_for_url("**/second-factor/codes/")
    no_barrier(page)
    codes = page.locator(".desk-codes li").all_text_contents()
    file = page.get_attribute("a[download]", "href")
    assert unquote(file.partition(",")[2]).split("\n")[:-1] == codes
    expect(page.locator("[data-print]")).to_be_visible()
    page.click("text=I have kept them")
    page.wait_for_url("**/admin/pages/**")
    page.goto("/admin/second-factor/")
    no_barrier(page)

    page.context.clear_cookies()
    give_password(page)
    page.wait_for_url("**/admin/login/code/")
    no_barrier(page)
    page.fill("#id_code", codes[0])
    page.click("form.login-form button")
    page.wait_for_url("**/admin/pages/**")
    page.goto("/admin/")
    expect(page.locator("text=A recovery code was used")).to_be_visible()
    no_barrier(page)

    with monkeypatch.context() as later:
        later.setattr(reauthentication, "HOLDS", 0)
        page.goto("/admin/second-factor/passkey/")
        page.locator("h1", has_text="Show that it is you").wait_for()
        no_barrier(page)
    page.fill("#id_proof_code", codes[1])
    page.click("text=Go on")
    page.locator("h1", has_text="Add a passkey").wait_for()
    no_barrier(page)
