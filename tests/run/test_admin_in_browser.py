"""Wagtail's admin works in a real browser under the policy that the newsstand gives it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import nightdesk

pytestmark = pytest.mark.browser


def complaints(page: Page) -> list[str]:
    """Everything the browser objects to from now on: blocked things and broken scripts."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "response",
        lambda answer: (
            heard.append(f"{answer.status} {answer.url}") if answer.status > 399 else None
        ),
    )
    page.on("requestfailed", lambda request: heard.append(f"{request.failure} {request.url}"))
    return heard


def sign_in(page: Page, password: str, name: str = "olena") -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("form button[type=submit]")
    page.wait_for_url("**/admin/")


def first_link(page: Page, pattern: str) -> str:
    """The first address on the page that looks like ``pattern``."""
    found = page.eval_on_selector_all("a", "links => links.map(link => link.getAttribute('href'))")
    return next(href for href in found if re.fullmatch(pattern, href or ""))


def test_the_admin_has_no_complaint_on_the_way_from_sign_in_to_a_new_story(
    running, first_run, chromium
):
    page = chromium.new_page(base_url=f"http://127.0.0.1:{running.port}")
    page.set_default_timeout(30_000)
    heard = complaints(page)
    sign_in(page, first_run.password())
    for path in (
        "/admin/pages/",
        "/admin/images/",
        "/admin/images/add/",
        "/admin/reports/site-history/",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    page.goto("/admin/pages/")
    home = first_link(page, r"/admin/pages/\d+/")
    page.goto(home + "edit/")
    page.wait_for_load_state("networkidle")
    page.goto(home)
    section = first_link(page, rf"/admin/pages/(?!{home.split('/')[3]}/)\d+/edit/")
    page.goto(section.replace("edit/", "add_subpage/"))
    page.wait_for_load_state("networkidle")
    page.locator(
        "[data-chooser-action-choose]:visible, [data-action*=choose]:visible"
    ).first.click()
    page.locator(".modal.in, [role=dialog]:visible").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.close()
    assert [said for said in heard if "ERR_ABORTED" not in said] == []


def authenticator(page: Page) -> None:
    """A device that makes passkeys and unlocks them with its owner's finger."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_signs_in_alone(running, chromium):
    """On a name, through the newsstand and under its policy; on a number it is said why not."""
    added = nightdesk("user", "add", "taras", "--data", str(running.data))
    password = re.search(r"password (\S+)", added.stdout)[1]
    context = chromium.new_context(base_url=f"http://localhost:{running.port}")
    context.set_default_timeout(30_000)
    page = context.new_page()
    heard = complaints(page)
    authenticator(page)
    sign_in(page, password, "taras")
    page.goto("/admin/second-factor/")
    page.click("text=Add a passkey")
    page.fill("#id_name", "My laptop")
    page.click("text=Make the passkey")
    page.wait_for_url("**/admin/second-factor/codes/")
    assert page.locator(".desk-codes li").count() == 10
    page.click("text=I have kept them")
    page.wait_for_url("**/admin/")
    page.goto("/admin/second-factor/")
    expect(page.locator("strong", has_text="My laptop")).to_be_visible()
    page.locator("button[aria-label='Sign out here']").click()
    page.wait_for_url("**/admin/login/")
    page.click("text=Sign in with a passkey")
    page.wait_for_url("**/admin/")
    expect(page.locator(".desk-home")).to_be_visible()
    context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("#id_username", "taras")
    page.fill("#id_password", password)
    page.click("form.login-form button[type=submit]")
    page.wait_for_url("**/admin/login/code/")
    page.click("text=Use your passkey")
    page.wait_for_url("**/admin/")
    assert [said for said in heard if "ERR_ABORTED" not in said] == []
    page.goto(f"http://127.0.0.1:{running.port}/admin/login/")
    assert page.locator("text=Sign in with a passkey").count() == 0
    context.close()
