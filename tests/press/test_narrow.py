"""A change makes few pages stale, and as few in a large archive as in a small one."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nightdesk.briefs.actions import correct_brief, send_brief, withdraw_brief
from nightdesk.fronts.models import HomePage, TopStory
from nightdesk.press import outbox
from nightdesk.press.printing.printer import Printer
from nightdesk.stories.models import StoryPage, Topic
from tests.making import a_brief, a_story
from tests.press.changes import publish
from tests.press.test_changes import Told
from tests.press.whole import Shop, fill

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def stale(before, told: Told) -> set[str]:
    return {path for path, seen in before.items() if seen.text and seen.keys & told.keys}


@pytest.fixture
def whole(newsroom):
    return fill(newsroom, stories=12, briefs=70)


def test_a_new_brief_makes_the_feed_stale_and_no_story(whole, monkeypatch):
    before = Shop(monkeypatch).everything()
    told = Told()
    brief, _new = send_brief(uuid.uuid4(), "en", "Something happened.")
    told.look()
    assert told.urgent == {brief.get_absolute_url()}
    found = stale(before, told)
    this_month = f"/sitemaps/briefs-{timezone.localtime():%Y-%m}.xml"
    assert found <= {
        "/news-feed/",
        "/news-feed/live/",
        "/news-feed/rss.xml",
        "/news-feed/atom.xml",
        "/news-feed/feed.json",
        "/sitemap.xml",
        this_month,
        "fragment:news-feed:en",
        "fragment:feed-topics:en",
    }
    assert {"/news-feed/", "fragment:news-feed:en", "/news-feed/rss.xml"} <= found


@pytest.mark.parametrize("what", ["corrected", "withdrawn"])
def test_an_old_brief_is_put_right_on_pages_that_show_it_and_told_to_open_ones(
    whole, monkeypatch, what
):
    old = whole.briefs[10]
    old.save_revision().publish()
    before = Shop(monkeypatch).everything()
    told = Told()
    if what == "corrected":
        correct_brief(old.pk, text="Right.", note="It was wrong.", key=uuid.uuid4())
        told.look()
        assert old.get_absolute_url() in told.urgent
    else:
        withdraw_brief(old.pk, key=uuid.uuid4())
        told.look()
        assert old.get_absolute_url() in told.gone & told.urgent
    found = stale(before, told)
    shown = {path for path in found if path.startswith("/news-feed/before/")}
    month = f"/sitemaps/briefs-{timezone.localtime(old.published_at):%Y-%m}.xml"
    assert {"/news-feed/live/", old.get_absolute_url()} <= found
    assert shown
    # Which topics are the most frequent of late is counted anew.
    others = {"/news-feed/live/", month, "/sitemap.xml", "fragment:feed-topics:en"}
    if what == "corrected":
        assert "/corrections/" in found
        others.add("/corrections/")
    assert found - shown <= {old.get_absolute_url(), *others}


def test_a_new_brief_prints_its_page_the_feed_and_its_topic_and_the_sitemap_for_a_new_topic_alone(
    newsroom, monkeypatch
):
    """Three pages for readers at most, whatever else it is on."""
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)
    sitemap = "/sitemaps/pages.xml"
    others = ["/", "/corrections/", "/uk/corrections/", "/coverage/", "/search/", "/archive/"]

    def sent(text: str) -> tuple[set[str], set[str]]:
        shop, told = Shop(monkeypatch), Told()
        feeds = ["/news-feed/", "/news-feed/topic/rivers/", sitemap, *others]
        before = {path: shop.see(path) for path in feeds}
        brief = a_brief(newsroom.locale, text, live=False)
        brief.topics.set([topic])
        brief.save_revision().publish()
        told.look()
        found = {path for path, seen in before.items() if seen.keys & told.keys}
        return found, told.urgent | found - {sitemap}

    found, pages = sent("The first.")
    assert sitemap in found
    found, pages = sent("The second.")
    assert sitemap not in found
    assert len(pages) == 3 and {"/news-feed/", "/news-feed/topic/rivers/"} < pages


def test_a_corrected_text_makes_no_list_stale(whole, monkeypatch):
    before = Shop(monkeypatch).everything()
    story = whole.stories[-1]
    told = Told()
    story.body = [("text", "<p>Corrected.</p>")]
    publish(StoryPage.objects.get(pk=story.pk))
    story = StoryPage.objects.get(pk=story.pk)
    story.body = [("text", "<p>Corrected.</p>")]
    publish(story)
    told.look()
    found = stale(before, told)
    assert story.url in found
    assert {path for path in found - {story.url} if "/feeds/" not in path} == set()


def test_a_new_headline_makes_stale_what_shows_it_and_no_text_that_only_links_to_it(
    whole, monkeypatch
):
    before = Shop(monkeypatch).everything()
    told = Told()
    story = StoryPage.objects.get(pk=whole.stories[3].pk)
    story.title = "Another headline"
    publish(story)
    told.look()
    found = stale(before, told)
    shown_in, linked_from = whole.sections[1], whole.sections[0]
    card_on, link_on = whole.stories[5], whole.stories[4]
    feeds = {f"/feeds/{part}rss.xml" for part in ("", f"{shown_in.slug}/")}
    assert {story.url, card_on.url, "/news-feed/", shown_in.url, *feeds} <= found
    kept = {link_on.url, f"/feeds/{linked_from.slug}/rss.xml", "/news-feed/rss.xml"}
    kept |= {path for path in before if path.startswith("/sitemap") or path == "/archive/"}
    assert len(kept) > 6
    assert kept & found == set()


@pytest.mark.parametrize("change", ["another address", "withdrawn", "another month"])
def test_a_link_and_the_sitemap_follow_where_a_story_goes(whole, monkeypatch, change):
    before = Shop(monkeypatch).everything()
    told = Told()
    story = StoryPage.objects.get(pk=whole.stories[3].pk)
    month = f"/sitemaps/stories-{timezone.localtime(story.first_published_at):%Y-%m}.xml"
    match change:
        case "another address":
            story.slug = "somewhere-else"
            publish(story)
        case "withdrawn":
            story.unpublish()
        case "another month":
            story.first_published_at -= datetime.timedelta(days=400)
            publish(story)
    told.look()
    found = stale(before, told)
    assert {whole.stories[4].url, f"/feeds/{whole.sections[0].slug}/rss.xml", month} <= found


def test_a_corrected_text_leaves_stories_that_show_its_card_as_they_are(whole, monkeypatch):
    before = Shop(monkeypatch).everything()
    publish(StoryPage.objects.get(pk=whole.stories[3].pk))
    told = Told()
    story = StoryPage.objects.get(pk=whole.stories[3].pk)
    story.body = [("text", "<p>Corrected.</p>")]
    publish(story)
    told.look()
    found = stale(before, told)
    assert story.url in found
    assert whole.stories[5].url not in found


def test_a_saved_draft_tells_nothing_and_publishing_what_is_out_only_its_own_page(whole):
    story = StoryPage.objects.get(pk=whole.stories[3].pk)
    publish(story)
    told = Told()
    publish(StoryPage.objects.get(pk=story.pk))
    told.look()
    assert {key for key in told.keys if key.startswith(("list:", "page:"))} <= {f"page:{story.pk}"}
    story = StoryPage.objects.get(pk=story.pk)
    story.title = "For later"
    story.save_revision()
    told.look()
    assert (told.keys, told.gone, told.urgent) == (set(), set(), set())


def test_a_new_story_leaves_older_pages_of_lists_and_other_months_as_they_are(whole, monkeypatch):
    section = whole.sections[0]
    for number in range(45):
        a_story(
            section,
            f"Old {number}",
            at=timezone.now() - datetime.timedelta(days=200 + number),
            signed_by=[whole.authors[0]],
        )
    before = Shop(monkeypatch).everything()
    assert any("/before/" in path for path in before)
    told = Told()
    story = StoryPage(title="Fresh", live=False)
    publish(section.add_child(instance=story))
    told.look()
    found = stale(before, told)
    assert {"/", section.url, "/feeds/rss.xml", "/sitemap.xml", "error:404:en"} <= found
    assert not [path for path in found if "/before/" in path or "/story-" in path]
    months = {path for path in found if path.startswith("/archive/2")}
    assert len(months) <= 2
    assert "/archive/" not in found or len(months) == 2


def test_only_the_choice_of_top_stories_makes_the_home_page_alone_stale(whole, monkeypatch):
    publish(whole.home)
    home = HomePage.objects.get(pk=whole.home.pk)
    before = Shop(monkeypatch).everything()
    told = Told()
    home.top_stories = [TopStory(story=whole.stories[6])]
    publish(home)
    told.look()
    # An edition that is not open yet shows the main one's front page.
    assert stale(before, told) - {"/ar/"} == {"/"}


def test_publishing_asks_the_database_as_often_in_an_archive_ten_times_as_large(newsroom):
    section = newsroom.get_children().first().specific
    printer = Printer()

    def grow(count: int, days: int) -> None:
        for number in range(count):
            at = timezone.now() - datetime.timedelta(days=40 + days * number, minutes=number)
            a_story(section, at=at)
            a_brief(newsroom.locale, published_at=at)

    def cost() -> dict[str, int]:
        found = {}
        story = section.add_child(instance=StoryPage(title="Fresh", live=False))
        with CaptureQueriesContext(connection) as asked:
            publish(story)
        found["publish"] = len(asked)
        month = timezone.localtime()
        for path in (
            "/",
            section.url,
            story.get_url(),
            "/feeds/rss.xml",
            "/sitemap.xml",
            f"/sitemaps/stories-{month:%Y-%m}.xml",
            f"/archive/{month:%Y/%m}/",
            "/archive/",
            "/news-sitemap.xml",
        ):
            with CaptureQueriesContext(connection) as asked:
                printer.print(path)
            found[path.replace(story.slug, "fresh")] = len(asked)
        StoryPage.objects.get(pk=story.pk).delete()
        return found

    grow(8, 9)
    cost()
    few = cost()
    grow(72, 9)
    assert cost() == few


def test_entries_are_read_in_order_and_each_request_knows_its_own(db):
    outbox.forget()
    assert outbox.noted_here() == 0
    start = outbox.newest()
    assert outbox.note() is None
    first = outbox.note({"page:2", "page:1"})
    second = outbox.note(gone={"/old/"}, urgent={"/new/"})
    assert [entry.pk for entry in outbox.after(start, 10)] == [first, second]
    assert [entry.pk for entry in outbox.after(start, 1)] == [first]
    assert outbox.after(first, 10)[0].gone == ["/old", "/old/"]
    assert outbox.newest() == outbox.noted_here() == second
    outbox.forget()
    assert outbox.noted_here() == 0
