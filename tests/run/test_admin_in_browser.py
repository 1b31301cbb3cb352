"""Wagtail's admin works in a real browser under the policy that the newsstand gives it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

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


def sign_in(page: Page, password: str) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", "olena")
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
