"""A change makes few pages stale."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.utils import timezone

from nightdesk.briefs.actions import correct_brief, send_brief, withdraw_brief
from nightdesk.fronts.models import HomePage, TopStory
from nightdesk.stories.models import StoryPage
from tests.making import a_story
from tests.press.changes import publish
from tests.press.test_changes import Told
from tests.press.whole import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def stale(before, told: Told) -> set[str]:
    return {path for path, seen in before.items() if seen.text and seen.keys & told.keys}


def test_a_new_brief_makes_the_feed_stale_and_no_story(whole, before):
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
def test_an_old_brief_is_put_right_on_pages_that_show_it_and_told_to_open_ones(whole, before, what):
    old = whole.briefs[10]
    old.save_revision().publish()
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
        corrected = {f"/corrections/{form}" for form in ("", "rss.xml", "atom.xml", "feed.json")}
        assert corrected <= found
        others |= corrected
    assert found - shown <= {old.get_absolute_url(), *others}


def test_a_corrected_text_makes_no_list_stale(whole, before):
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


def test_a_new_headline_makes_stale_what_shows_it_and_no_text_that_only_links_to_it(whole, before):
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
def test_a_link_and_the_sitemap_follow_where_a_story_goes(whole, before, change):
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


def test_a_corrected_text_leaves_stories_that_show_its_card_as_they_are(whole, before):
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


def test_only_the_choice_of_top_stories_makes_the_home_page_alone_stale(whole, before):
    publish(whole.home)
    home = HomePage.objects.get(pk=whole.home.pk)
    told = Told()
    home.top_stories = [TopStory(story=whole.stories[6])]
    publish(home)
    told.look()
    # An edition that is not open yet shows the main one's front page.
    assert stale(before, told) - {"/ar/"} == {"/"}
