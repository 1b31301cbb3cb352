"""Every page that we add to the admin, on a telephone and wide, light and dark: readable, nothing
cut off, and axe finds nothing."""

from __future__ import annotations

import contextlib
import datetime
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from nightdesk.fronts.breaking import actions as breaking
from nightdesk.people.models import Author, Desk, User
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from nightdesk.takedown.desk import standing
from tests.making import a_brief, a_story
from tests.people.signing import prove

#: What sticks out of the window, and icons that nobody has given a size. Wagtail's own bars and
#: what may be scrolled by itself are left out.
_WRONG = """() => {
  const said = (el) => `${el.tagName}.${el.getAttribute("class") ?? ""} ${el.textContent.trim().slice(0, 40)}`;
  const scrolls = (el) => el && el !== document.body
    && (/auto|scroll/.test(getComputedStyle(el).overflowX) && el.tagName !== "MAIN" || scrolls(el.parentElement));
  const wrong = [];
  for (const el of document.querySelectorAll("main *")) {
    const box = el.getBoundingClientRect();
    if (!box.width || !box.height || !el.checkVisibility()) continue;
    if (el.closest("header, footer, .bulk-action-btn, .w-slim-header, [role=dialog], .w-sr-only, .form-side")) continue;
    if (el.tagName === "svg" && box.width > 64) wrong.push(`an icon of ${box.width} px: ${said(el.parentElement)}`);
    const own = ["SELECT", "INPUT", "TEXTAREA", "BUTTON", "P", "A", "TD", "H1", "H2"].includes(el.tagName);
    if (own && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(el.parentElement))
      wrong.push(`cut off: ${said(el)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page scrolls sideways");
  return wrong;
}"""


def wrong_with(page: Page) -> list[str]:
    """Once the page has settled into its window: some of Wagtail's bars glide into their places."""
    with contextlib.suppress(PlaywrightTimeout):
        page.wait_for_function(f"() => !({_WRONG})().length", timeout=15_000)
    return page.evaluate(_WRONG)


@pytest.fixture
def addresses(newsroom, settings, tmp_path) -> dict[str, str]:
    settings.DATA = tmp_path
    desk = Desk.objects.create(
        name="The desk for courts, police and everything else at night",
        slug="night",
        locale=newsroom.home.locale,
    )
    author = Author.objects.get()
    story = a_story(
        newsroom.section, "A long headline for a story about the river", signed_by=[desk]
    )
    held = StoryPage(
        title="Held back",
        live=False,
        body=[("text", "<p>Quiet.</p>")],
        embargo_until=timezone.now() + datetime.timedelta(days=1),
    )
    newsroom.section.add_child(instance=held)
    held.save_revision()
    brief = a_brief(newsroom.home.locale, "It rains.")
    down = takedown.take_down(kinds.of_model(type(brief)), brief, reason="Wrong.")
    breaking.switch_on(uuid.uuid4(), "en", f"{story.title} and its bridges", by=newsroom.editor)
    return {
        "first page": newsroom.admin(),
        "breaking": newsroom.url + reverse("breaking"),
        "stories": newsroom.admin("stories/"),
        "embargo": newsroom.url + reverse("lift_embargo", args=[held.pk]),
        "check": newsroom.url + reverse("check_links", args=[held.pk]),
        "changes": newsroom.url + reverse("story_versions", args=[story.pk]),
        "take down": newsroom.url + reverse("take_down", args=["story", story.pk]),
        "taken down": newsroom.url + reverse("taken_down"),
        "one taken down": newsroom.url + reverse("taken_down_one", args=[down.pk]),
        "protect": newsroom.url + reverse("protect_name", args=[author.pk]),
        "audit": newsroom.url + reverse("audit_report"),
        "freeze": newsroom.url + reverse("audit_freeze"),
        "press": newsroom.url + reverse("press_report"),
        "signing in": newsroom.url + reverse("mfa_index"),
        "brief": newsroom.admin("brief/"),
    }


def everybody(newsroom) -> dict:
    """The session of somebody who may do everything and has just proved it."""
    from django.conf import settings
    from django.test import Client

    user = newsroom.editor
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client()
    client.force_login(user)
    prove(client, user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": newsroom.url}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_can_be_read_and_nothing_is_cut_off(page_of, newsroom, addresses, scheme):
    page: Page = page_of({"viewport": {"width": 1440, "height": 900}, "color_scheme": scheme})
    page.context.add_cookies([everybody(newsroom)])
    wrong = []
    for name, address in addresses.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(address)
        assert answer.status == 200, name
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 740})
            wrong += [f"{name}, {width}: {said}" for said in wrong_with(page)]
        found = Axe().run(page).response["violations"]
        wrong += [
            f"{name}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found
        ]
    assert not wrong, "\n".join(wrong)


def test_how_a_takedown_stands_is_told_anew_without_losing_the_place(
    desk, newsroom, addresses, monkeypatch
):
    User.objects.filter(pk=newsroom.editor.pk).update(is_superuser=True)
    desk.goto(addresses["one taken down"])
    desk.evaluate("window.sameDocument = true")
    expect(desk.locator("[data-standing=open]")).to_be_attached()
    gone = standing.Line("It is gone everywhere.", True)
    kept = standing.Line("So said.", True)
    monkeypatch.setattr(standing, "of", lambda _data, row: standing.Standing(row, gone, kept, kept))
    expect(desk.get_by_text("It is gone everywhere.")).to_be_visible()
    expect(desk.locator("[data-standing=settled]")).to_be_attached()
    assert desk.evaluate("window.sameDocument")


def test_what_a_page_begins_with_does_not_touch_the_bar_above_it(phone: Page, newsroom):
    story = a_story(newsroom.section, "Bridge closed")
    for path in ("narration/", "voices/", "taken-down/", f"stories/{story.pk}/aloud/"):
        phone.goto(newsroom.admin(path))
        bar = phone.locator("main header").first.bounding_box()
        words = phone.locator("main .nice-padding p").first.bounding_box()
        assert words["y"] >= bar["y"] + bar["height"] + 12, path
