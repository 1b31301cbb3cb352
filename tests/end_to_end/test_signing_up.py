"""From the end of a story to a confirmed newsletter, in a browser with and without JavaScript."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.end_to_end.test_reader_pages import LOOKS, RULES
from tests.end_to_end.whole import open_whole

pytestmark = pytest.mark.browser

STORY = "/city/welm-crest-passes-kestrow/"
PHONE = {"viewport": {"width": 360, "height": 740}}
SHIFTS = (
    "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => "
    "window.shift += entry.value)).observe({type: 'layout-shift', buffered: true})"
)


_number = itertools.count(1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Behind a proxy, so that each reader comes from somewhere else."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    with open_whole(folder, demo=True, TRUSTED_PROXIES="127.0.0.1") as whole:
        yield whole


@pytest.fixture
def open_page(demo, chromium):
    contexts = []

    def _open(client: str = "", **how):
        client = client or f"203.0.113.{next(_number)}"
        headers = {"X-Forwarded-For": client}
        context = chromium.new_context(
            base_url=demo.url, extra_http_headers=headers, **(PHONE | how)
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()


def mail_to(demo, address: str, subject: str) -> str:
    """The text of a mail in the newsroom's folder, as soon as it is there."""
    for _ in range(900):
        for file in sorted((demo.data / "mail").glob("*.eml")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if mail["To"] == address and subject in mail["Subject"]:
                return mail.get_body(("plain",)).get_content()
        time.sleep(0.1)
    raise AssertionError(f"no mail “{subject}” for {address}")


def confirm_path(text: str) -> str:
    return urllib.parse.urlsplit(re.search(r"http\S+/confirm/\S+", text)[0]).path


def test_without_javascript_a_reader_subscribes_and_confirms(demo, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(STORY)
    form = page.locator(".at-the-end form")
    form.get_by_label("Enter your email to subscribe").fill("olha@")
    form.get_by_role("button", name="Subscribe").click()
    field = page.get_by_label("Enter your email to subscribe")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("olha@")
    expect(page.get_by_text("Please, enter correct email address")).to_be_visible()
    expect(page.locator("input:focus")).to_have_count(1)
    field.fill("olha@example.org")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Successfully subscribed")).to_be_visible()
    expect(page.get_by_text("Look in your spam folder")).to_be_visible()
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(demo.url + STORY)
    text = mail_to(demo, "olha@example.org", "Confirm your subscription to The Morning Crossing")
    page.goto(confirm_path(text))
    page.get_by_role("button", name="Confirm subscription").click()
    expect(page.get_by_role("heading", name="Your subscription is confirmed.")).to_be_visible()
    assert "The Morning Crossing" in mail_to(demo, "olha@example.org", "Welcome to")


def test_with_javascript_the_form_is_answered_in_its_place(demo, open_page):
    page = open_page()
    page.add_init_script(SHIFTS)
    page.goto(STORY)
    form = page.locator(".at-the-end form")
    field = form.get_by_label("Enter your email to subscribe")
    field.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")  # with the letters and pictures that have come in sight
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(800)
    field.focus()
    before = page.evaluate("window.shift = 0, [scrollY, document.body.offsetHeight]")
    page.keyboard.type("halyna@")
    page.keyboard.press("Enter")
    page.get_by_text("Please, enter correct email address").wait_for()
    assert page.url == demo.url + STORY
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("example.org")
    form.get_by_label("Letter from the Lobby").check()
    form.get_by_role("button", name="Subscribe").press("Enter")
    said = page.locator(".at-the-end [aria-live=polite] .sign-up__accepted")
    said.wait_for()
    expect(said).to_be_focused()
    expect(said).to_contain_text("Thank you for signing up. We’ve sent you")
    assert page.evaluate("[scrollY, document.body.offsetHeight]") == before
    assert page.evaluate("window.shift") == 0
    text = mail_to(demo, "halyna@example.org", "and Letter from the Lobby")
    assert "Letter from the Lobby" in text


def test_whoever_shares_an_address_with_a_bomber_does_a_little_work_and_subscribes(demo, open_page):
    said = urllib.parse.urlencode({"email": "bomb@example.org", "newsletter": "x"}).encode()
    request = urllib.request.Request(
        f"{demo.url}/newsletters/sign-up/", said, {"X-Forwarded-For": "198.51.100.7"}
    )
    refused = []
    for _ in range(14):
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(request, timeout=30)
        refused.append(answer.value.code)
    assert refused[-1] == 429
    page = open_page("198.51.100.7")
    tried = []
    page.on("response", lambda answer: "sign-up/" in answer.url and tried.append(answer.status))
    page.goto("/newsletters/low-frequency/")
    page.get_by_label("Enter your email to subscribe").fill("behind-a-proxy@example.org")
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_text("Successfully subscribed").wait_for()
    assert tried == [429, 200]
    assert "Low Frequency" in mail_to(demo, "behind-a-proxy@example.org", "Confirm")


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_on_the_way_has_a_barrier_that_axe_can_find(demo, open_page, look):
    page = open_page(**LOOKS[look], bypass_csp=True)
    found = []

    def look_at(what: str) -> None:
        results = Axe().run(page, options={"runOnly": RULES})
        found.extend(f"{what}: {one['id']}" for one in results.response["violations"])
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{what}: has to be scrolled sideways")

    page.goto("/newsletters/low-frequency/")
    look_at("a newsletter's page")
    page.locator("form").evaluate("form => form.submit()")
    page.get_by_text("Please, enter correct email address").wait_for()
    look_at("the form with an error")
    page.goto("/newsletters/confirm/nothing/")
    expect(page.get_by_role("heading", name="This link has expired.")).to_be_visible()
    look_at("an ended link")
    page.goto("/uk/newsletters/")
    look_at("the Ukrainian newsletters")
    assert found == []
