"""Every kind of page of the demo newsroom, as a reader's browser gets it through the newsstand."""

from __future__ import annotations

import gzip
import re
import urllib.request
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.end_to_end.whole import open_whole

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "Ukrainian home": "/uk/",
    "section": "/politics/",
    "story": "/city/welm-crest-passes-kestrow/",
    "story with a table": "/economy/why-fifty-hertz/",
    "Ukrainian story": "/uk/city/welm-crest-passes-kestrow/",
    "News Feed": "/news-feed/",
    "News Feed by topic": "/news-feed/topic/flood/",
    "author": "/authors/ilse-marrack/",
    "desk": "/desks/news-desk/",
    "topic": "/topics/flood/",
    "archive": "/archive/",
    "newsletters": "/newsletters/",
    "newsletter": "/newsletters/morning-crossing/",
    "corrected story": "/city/lantern-bridge-closed-to-trams/",
    "what changed": "/city/lantern-bridge-closed-to-trams/changes/",
    "corrections": "/corrections/",
    "Ukrainian corrections": "/uk/corrections/",
    "search": "/search/?q=flood",
    "search without result": "/search/?q=zeppelin",
    "not found": "/nowhere/",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo newsroom as `nightdesk run --demo` opens it, its whole process tree."""
    with open_whole(tmp_path_factory.mktemp("demo") / "data", demo=True) as whole:
        yield whole


@pytest.fixture(scope="module")
def month(demo):
    """The archive's newest month."""
    return re.search(r'href="(/archive/\d{4}/\d\d/)"', demo.get("/archive/")[1])[1]


@pytest.fixture(scope="module")
def brief(demo):
    return re.search(r'href="(/news-feed/\d+/)"', demo.get("/news-feed/")[1])[1]


def weight(url: str) -> int:
    """Bytes of a file as gzip, whether or not the server sent it so."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return len(gzip.compress(answer.read(), 6))


@pytest.fixture(params=LOOKS)
def window(request, chromium):
    # axe adds a script of its own, which the pages' policy rightly refuses.
    context = chromium.new_context(**LOOKS[request.param], bypass_csp=True)
    yield context.new_page()
    context.close()


def test_no_page_has_a_barrier_that_axe_can_find(demo, window, month, brief):
    found = []
    for kind, path in {**PAGES, "archive month": month, "brief": brief}.items():
        window.goto(demo.url + path)
        results = Axe().run(window, options={"runOnly": RULES})
        found += [
            f"{kind}: {broken['id']} at {broken['nodes'][0]['target']}"
            for broken in results.response["violations"]
        ]
        wide = window.evaluate("document.documentElement.scrollWidth > innerWidth")
        found += [f"{kind}: has to be scrolled sideways"] * wide
    assert found == []


def test_pages_ask_no_third_party_and_have_no_error(demo, chromium, month, brief):
    context = chromium.new_context(**LOOKS["light"])
    page = context.new_page()
    asked, errors = set(), []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda m: errors.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for kind, path in {**PAGES, "archive month": month, "brief": brief}.items():
        if kind == "not found":  # the browser itself notes the 404
            continue
        # Not until nothing is under way: an open page's stream never ends.
        page.goto(demo.url + path)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(500)
    context.close()
    assert asked <= {urlsplit(demo.url).netloc, ""}
    assert errors == []


def test_no_page_has_a_style_attribute_or_a_script_in_it(demo, month, brief):
    for path in [*PAGES.values(), month, brief]:
        page = demo.get(path)[1]
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert not re.search(r"<[^>]+\son\w+=", page), path
        scripts = re.findall(r"<script\b([^>]*)>", page)
        assert all('src="' in tag or "application/ld+json" in tag for tag in scripts), path


def test_every_page_has_one_headline_landmarks_and_a_way_past_the_menu(demo, month, brief):
    for path in [*PAGES.values(), month, brief]:
        page = demo.get(path)[1]
        assert page.count("<h1") == 1, path
        for landmark in ("<header", "<nav", "<main", "<footer"):
            assert landmark in page, (path, landmark)
        assert re.search(r'<html[^>]+lang="(en|uk)"', page), path


def test_nothing_moves_while_a_story_loads_on_a_phone(demo, chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, is_mobile=True)
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => "
        "{ if (!entry.hadRecentInput) window.shift += entry.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for path in (PAGES["home"], PAGES["story"], PAGES["Ukrainian story"]):
        page.goto(demo.url + path, wait_until="networkidle")
        page.wait_for_timeout(500)
        assert page.evaluate("window.shift") == 0, path
    context.close()


@pytest.mark.parametrize("kind", ["story", "corrected story", "what changed", "corrections"])
def test_a_page_weighs_at_most_sixty_kilobytes_of_text_style_and_script(demo, kind):
    page = demo.get(PAGES[kind])[1]
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', page)
    script_weight = sum(weight(demo.url + path) for path in scripts)
    whole = len(gzip.compress(page.encode(), 6)) + script_weight
    whole += sum(weight(demo.url + path) for path in style)
    assert style and script_weight <= 20 * 1024
    assert whole <= 60 * 1024


def test_without_javascript_a_reader_reads_expands_pages_and_searches(demo, chromium):
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(demo.url)
    page.locator("main h2 a, main h3 a").first.click()
    expect(page.locator("article p").first).to_be_visible()
    page.goto(f"{demo.url}/news-feed/")
    opened = page.locator("details[open]")
    before = opened.count()
    page.locator("details:not([open])").first.locator("summary").click()
    expect(opened).to_have_count(before + 1)
    expect(opened.last.locator("p").first).to_be_visible()
    page.get_by_role("link", name=re.compile("More news|Older")).first.click()
    expect(page).to_have_url(re.compile("/news-feed/before/"))
    page.goto(f"{demo.url}/search/")
    page.locator("input[name=q]").first.fill("ferry")
    page.locator("input[name=q]").first.press("Enter")
    expect(page.get_by_text("Ternholm ferry doubles its sailings").first).to_be_visible()
    context.close()


def test_every_link_of_the_demo_leads_somewhere(demo):
    waiting, seen, broken = ["/", "/uk/"], set(), []
    while waiting and len(seen) < 400:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        status, page = demo.get(path)
        if status != 200:
            broken.append(f"{status} {path}")
        for target in re.findall(r'(?:href|src)="(/[^"#]*)', page):
            if target.startswith(("/assets/", "/media/")) and target in seen:
                continue
            if not target.startswith("/media/"):
                waiting.append(target.replace("&amp;", "&"))
    assert broken == []
    assert len(seen) > 80


def test_every_picture_of_a_page_is_there(demo):
    for path in (PAGES["home"], PAGES["story"], PAGES["author"]):
        page = demo.get(path)[1]
        names = set(re.findall(r"/media/pictures/[^\s\",]+", page))
        assert names, path
        for name in names:
            with urllib.request.urlopen(demo.url + name, timeout=30) as answer:
                assert answer.status == 200
                assert answer.headers["Content-Type"].startswith("image/")


def test_the_demo_asks_search_engines_to_stay_away(demo):
    assert '<meta name="robots" content="noindex' in demo.get("/")[1]


def test_the_command_line_works_while_the_newsroom_is_open(demo):
    examined = demo.command("doctor")
    assert examined.returncode == 0, examined.stdout
    done = demo.command("user", "add", "olena", "--role", "editor")
    assert done.returncode == 0, done.stderr


def test_a_reader_sees_no_edit_link_and_the_signed_in_editor_does(demo, chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(demo.url + PAGES["story"], wait_until="networkidle")
    assert page.get_by_text("Edit post").count() == 0
    page.goto(f"{demo.url}/admin/")
    page.fill("input[name=username]", demo.name)
    page.fill("input[name=password]", demo.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{demo.url}/admin/")
    page.goto(demo.url + PAGES["story"], wait_until="networkidle")
    link = page.get_by_role("link", name="Edit post")
    expect(link).to_be_visible()
    link.click()
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    expect(page.locator("[name=title]")).to_have_value(re.compile("^Flood gates hold"))
    context.close()
