"""What readers get of a coverage: its page, older pages, each update, the list, feeds, sitemap."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from urllib.parse import unquote

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction

from nightdesk.briefs.actions import send_brief
from nightdesk.coverage import actions, lists
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.coverage.takedown import Coverages
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import StoryPage, Topic
from nightdesk.stories.paging import one_in_six
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_picture, a_story

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def coverage(newsroom):
    return a_coverage("The river rises", standfirst="Minute by minute.")


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def many(coverage: Coverage, count: int) -> list[Entry]:
    """The newest first, without the ceremony of sending each."""
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(
            coverage=coverage,
            text=f"Update {n}. " + "Water stood at the third step of the landing. " * 6,
            headline=f"Headline {n}",
            published_at=now - n * MINUTE,
        )
        for n in range(count)
    )
    return list(Entry.objects.order_by("-published_at", "-pk"))


def structured(html: str) -> list[dict]:
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1]
    return json.loads(text)["@graph"]


def test_the_page_has_all_updates_newest_first_and_pages_lead_back_to_the_first(client, coverage):
    entries = many(coverage, 130)
    url, seen, pages = coverage.get_absolute_url(), [], 0
    while url:
        context = client.get(url).context
        assert 1 <= len(context["shown"]) <= 60
        seen += [entry.pk for entry in context["shown"]]
        url, pages = context["older_url"], pages + 1
    assert seen == [entry.pk for entry in entries] and 3 <= pages <= 5


def test_a_new_update_changes_the_first_page_alone(client, coverage):
    many(coverage, 130)
    older = client.get(coverage.get_absolute_url()).context["older_url"]
    before = list(client.get(older).context["shown"])
    an_entry(coverage, "Just in.")
    context = client.get(coverage.get_absolute_url()).context
    assert context["shown"][0].text == "Just in." and context["older_url"] == older
    assert list(client.get(older).context["shown"]) == before


def test_an_update_shows_time_text_author_source_story_and_picture(client, coverage, section):
    author = Author.objects.create(name="Ada Reporter", slug="ada", locale=section.locale)
    story, picture = a_story(section, "The whole of it"), a_picture("A gate")
    entry = an_entry(
        coverage,
        "Gates close.\n\nTrams stop.",
        headline="Gates",
        source="The harbour",
        source_url="https://harbour.example/",
        authors=[author],
        story=story,
        picture=picture,
    )
    for url in (coverage.get_absolute_url(), entry.own_url):
        html = page(client, url)
        for words in ("<p>Gates close.</p>", "<p>Trams stop.</p>", "<time", "https://harbour.exam"):
            assert words in html
        for words in (author.name, author.get_absolute_url(), story.url, "A gate", "Gates"):
            assert words in html
    assert client.get(author.get_absolute_url()).status_code == 200
    assert f'id="e{entry.pk}"' in page(client, coverage.get_absolute_url())


def test_a_desk_that_signs_only_updates_has_its_page_while_they_are_out(client, coverage, newsroom):
    desk = Desk.objects.create(name="Night desk", slug="night", locale=newsroom.locale)
    entry = an_entry(coverage, authors=[desk])
    assert client.get(desk.get_absolute_url()).status_code == 200
    actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    assert client.get(desk.get_absolute_url()).status_code == 404


def test_pinned_stand_on_top_once_and_key_moments_are_led_to(client, coverage):
    entries = many(coverage, 130)
    pinned, near, far = entries[4], entries[2], entries[120]
    actions.pin_entry(pinned.pk, True)
    for entry in (near, far):
        actions.mark_key(entry.pk, True)
    html = page(client, coverage.get_absolute_url())
    assert html.count(f'id="e{pinned.pk}"') == 1
    assert html.index(f'id="e{pinned.pk}"') < html.index(f'id="e{entries[0].pk}"')
    assert f'href="#e{near.pk}"' in html and f'href="{far.own_url}"' in html
    assert "Just before this" in page(client, far.own_url)


def test_a_correction_is_shown_with_its_time(client, coverage):
    entry = an_entry(coverage, "Six dead.")
    actions.correct_entry(entry.pk, text="Five dead.", note="There are five.", key=uuid.uuid4())
    for url in (coverage.get_absolute_url(), entry.own_url):
        html = page(client, url)
        assert "Five dead." in html and "There are five." in html and "Six dead" not in html


def test_the_end_is_said_and_taken_back(client, coverage):
    actions.end_coverage(coverage.pk)
    html = page(client, coverage.get_absolute_url())
    assert (
        "This coverage has ended" in html
        and 'class="pulse"' not in html.split("<main")[1].split("rail")[0]
    )
    assert client.get(coverage.live_url).json()["ended"] is True
    assert "coverageEndTime" in structured(html)[0]
    actions.reopen_coverage(coverage.pk)
    assert "This coverage has ended" not in page(client, coverage.get_absolute_url())


def test_what_is_not_out_is_nowhere(client, coverage, section):
    waiting = an_entry(coverage, "Kanareika later.", at=timezone.now() + MINUTE)
    draft = an_entry(coverage, "Kanareika draft.", publish=False)
    hidden = a_coverage("Kanareika unpublished", publish=False)
    inside = an_entry(hidden, "Kanareika inside.")
    story = a_story(section, "Kanareika story")
    PageViewRestriction.objects.create(page=story.page_ptr, restriction_type="login")
    an_entry(coverage, "Out.", story=story)
    for entry in (waiting, draft, inside):
        assert client.get(entry.own_url).status_code == 404
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(hidden.live_url).status_code == 404
    shown = [
        coverage.get_absolute_url(),
        coverage.live_url,
        "/coverage/",
        "/",
        "/sitemaps/pages.xml",
    ]
    shown += [
        f"{coverage.get_absolute_url()}{name}" for name in ("rss.xml", "atom.xml", "feed.json")
    ]
    for url in shown:
        assert "kanareika" not in page(client, url).lower(), url


def test_what_was_withdrawn_says_so_at_its_address_and_stands_nowhere_else(client, coverage):
    entry = an_entry(coverage, "Kanareika.")
    url = entry.own_url
    actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    answer = client.get(url)
    assert answer.status_code == 410
    said = answer.content.decode()
    assert "This update was withdrawn on" in said and "Kanareika" not in said
    assert "Kanareika" not in page(client, coverage.get_absolute_url())


def test_a_coverage_withdrawn_as_a_whole_takes_everything_with_it(client, coverage):
    entry = an_entry(coverage)
    coverage.unpublish()
    for url in (coverage.get_absolute_url(), entry.own_url, coverage.live_url, coverage.feed_url):
        assert client.get(url).status_code == 404, url
    assert page(client, "/coverage/").count("The river rises") == 0


def test_machines_get_a_live_blog_with_a_post_for_each_update(client, coverage, newsroom):
    author = Author.objects.create(name="Ada Reporter", slug="ada", locale=newsroom.locale)
    entry = an_entry(coverage, "Gates close.", headline="Gates", authors=[author])
    an_entry(coverage, "Trams stop.")
    blog = structured(page(client, coverage.get_absolute_url()))[0]
    assert blog["@type"] == "LiveBlogPosting" and "coverageEndTime" not in blog
    assert blog["coverageStartTime"] == blog["datePublished"]
    posts = blog["liveBlogUpdate"]
    assert [post["headline"] for post in posts] == ["Trams stop", "Gates"]
    assert {post["@type"] for post in posts} == {"BlogPosting"}
    assert posts[1]["url"].endswith(entry.own_url) and posts[1]["author"][0]["name"] == author.name
    alone = structured(page(client, entry.own_url))[0]
    assert alone["isPartOf"]["@id"] == blog["@id"]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_its_feed_has_the_updates(client, coverage, name):
    an_entry(coverage, "Gates close.", headline="Gates")
    answer = client.get(f"{coverage.get_absolute_url()}{name}")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and [entry.title for entry in feed.entries] == ["Gates"]
    assert coverage.feed_url in page(client, coverage.get_absolute_url())


def test_briefs_that_were_taken_in_say_where_they_are_from(client, coverage):
    brief, _new = send_brief(uuid.uuid4(), "en", "From the feed.")
    actions.take_in(coverage.pk, brief.pk)
    html = page(client, coverage.get_absolute_url())
    assert "From the feed." in html and brief.get_absolute_url() in html
    entry = Entry.objects.get()
    assert client.get(entry.own_url).url == brief.get_absolute_url()


def test_the_list_and_the_sitemap_know_it_and_the_home_page_while_it_is_under_way(client, coverage):
    url = coverage.get_absolute_url()
    an_entry(coverage)
    assert url in page(client, "/coverage/") and url in page(client, "/sitemaps/pages.xml")
    assert url in page(client, "/")
    actions.end_coverage(coverage.pk)
    assert url not in page(client, "/") and url in page(client, "/coverage/")


def test_each_edition_has_its_own(client, coverage):
    uk = a_coverage("Ріка піднімається", "uk")
    assert uk.get_absolute_url().startswith("/uk/coverage/")
    assert uk.headline in page(client, "/uk/coverage/")
    assert uk.headline not in page(client, "/coverage/")
    assert client.get(uk.get_absolute_url().removeprefix("/uk")).status_code == 404


def moved_to(coverage: Coverage, slug: str) -> Coverage:
    coverage = Coverage.objects.get(pk=coverage.pk)
    coverage.slug = slug
    coverage.save_revision().publish()
    coverage.refresh_from_db()
    return coverage


def leads_to(client, path: str) -> str:
    """Where a reader arrives who follows an old address, in one step; empty for a dead end."""
    answer = client.get(path)
    assert answer.status_code in (301, 404), path
    return unquote(answer.url) if answer.status_code == 301 else ""


def test_old_addresses_lead_on_in_one_step_wherever_it_went(client, coverage):
    entry, withdrawn = an_entry(coverage), an_entry(coverage, "Gone.")
    actions.withdraw_entry(withdrawn.pk, key=uuid.uuid4())
    below = ["", "live/", "rss.xml", "atom.xml", "feed.json", f"{entry.pk}/", f"{withdrawn.pk}/"]
    first = coverage.get_absolute_url()
    second = moved_to(coverage, "flood").get_absolute_url()
    third = moved_to(coverage, "паводок").plain_path
    for old in (first, second):
        assert [leads_to(client, old + rest) for rest in below] == [third + rest for rest in below]
    assert client.get(f"{first}{withdrawn.pk}/", follow=True).status_code == 410
    assert "Water is at the gates" in page(client, third)

    moved_to(coverage, first.strip("/").rpartition("/")[2])
    assert "Water is at the gates" in page(client, first)
    assert leads_to(client, second) == leads_to(client, third) == first
    made = Redirect.objects.values_list("old_path", flat=True)
    assert len(made) == len(set(made)) and not any(path.startswith(first) for path in made)


def test_older_pages_lead_on_also_those_that_pages_ended_with_before(client, coverage):
    entries = many(coverage, 200)
    held = lists.older_pages(coverage)
    url, walked = coverage.get_absolute_url(), set()
    at, old = url, url
    while found := re.search(rf'href="({re.escape(url)}before/(\d+)/)"', page(client, at)):
        at = found[1]
        walked.add(int(found[2]))
    assert walked == held and len(held) > 2
    # Then they end elsewhere: withdrawn ones move what forced ends there are.
    for pk in sorted(held)[:2]:
        actions.withdraw_entry(pk, key=uuid.uuid4())
    moved_to(coverage, "flood")
    moved_to(coverage, "паводок")
    new = Coverage.objects.get(pk=coverage.pk).plain_path
    for pk in {*held, *(entry.pk for entry in entries if one_in_six(entry.pk))}:
        assert leads_to(client, f"{old}before/{pk}/") == f"{new}before/{pk}/"
        assert leads_to(client, f"/coverage/flood/before/{pk}/") == f"{new}before/{pk}/"
        assert client.get(f"{new}before/{pk}/").status_code == 200


def test_moving_costs_as_many_statements_with_many_updates_as_with_few(coverage):
    """There and on and back again: written together, as many as fit into a statement."""

    def cost() -> list[int]:
        found = []
        for slug in ("one", "two", "one"):
            moving = Coverage.objects.get(pk=coverage.pk)
            moving.slug = slug
            version = moving.save_revision()
            with CaptureQueriesContext(connection) as asked:
                version.publish()
            found.append(len(asked))
        return found

    many(coverage, 5)
    cost()
    few = cost()
    many(coverage, 200)
    cost()
    assert max(cost()) <= max(few) + 20


def test_a_version_that_is_kept_moves_nothing(client, coverage):
    draft = Coverage.objects.get(pk=coverage.pk)
    draft.slug = "never"
    draft.save_revision()
    assert not Redirect.objects.exists()


def test_a_draft_leaves_no_way_and_no_way_leads_to_what_is_withdrawn(client, coverage):
    draft = a_coverage("Draft", publish=False)
    first = draft.get_absolute_url()
    draft.slug = "other"
    draft.save()
    assert not Redirect.objects.exists() and leads_to(client, first) == ""
    old = coverage.get_absolute_url()
    new = moved_to(coverage, "kanareika")
    assert leads_to(client, old) == new.get_absolute_url()
    new.unpublish()
    assert leads_to(client, old) == "", "its new address says what it is about"


def test_a_way_that_an_editor_made_stays(client, coverage):
    old = coverage.get_absolute_url()
    Redirect.add_redirect(f"{old}rss.xml", "/news-feed/")
    moved_to(coverage, "flood")
    assert leads_to(client, f"{old}rss.xml") == "/news-feed/"


def test_whoever_made_an_old_address_finds_the_coverage_to_take_it_down(coverage):
    old = coverage.get_absolute_url()
    new = moved_to(coverage, "flood")
    kind = Coverages()
    assert kind.find(old) == new
    assert {old, f"{old}rss.xml", new.get_absolute_url()} <= set(kind.paths(new))


def test_its_language_versions_know_each_other_and_an_update_names_none(client, coverage):
    uk = Coverage(
        headline="Ріка", slug="ріка", locale=Locale.objects.get(language_code="uk"), live=False
    )
    uk.translation_key = coverage.translation_key
    uk.save()
    url = coverage.get_absolute_url()
    assert 'rel="alternate" hreflang="uk"' not in page(client, url)
    uk.save_revision().publish()
    there = f"http://127.0.0.1:8000{uk.get_absolute_url()}"
    link = '<link rel="alternate" hreflang="{}" href="{}">'
    for path in (url, uk.get_absolute_url()):
        html = page(client, path)
        assert link.format("uk", there) in html
        assert link.format("en", f"http://127.0.0.1:8000{url}") in html
        assert link.format("x-default", f"http://127.0.0.1:8000{url}") in html
    assert f'href="{uk.get_absolute_url()}" lang="uk"' in page(client, url)
    assert '<link rel="alternate" hreflang' not in page(client, an_entry(coverage).own_url)


def test_only_topics_that_readers_know_are_named(client, newsroom, section):
    known, unknown = (
        Topic.objects.create(name=name, slug=name.lower(), locale=newsroom.locale)
        for name in ("Rivers", "Kanareika")
    )
    a_story(section, topics=[known])
    html = page(client, a_coverage(topics=[known, unknown]).get_absolute_url())
    assert known.get_absolute_url() in html and "Kanareika" not in html


def test_a_picture_is_public_as_long_as_its_update_is(client, coverage):
    picture = a_picture()
    entry = an_entry(coverage, picture=picture, publish=False)
    file = f"/media/{picture.files()[0]}"
    assert client.get(file).status_code == 404
    actions.publish_entry(entry.pk)
    assert client.get(file).status_code == 200


def test_five_hundred_updates_stay_within_what_a_phone_should_load(client, coverage):
    import gzip

    from nightdesk.theme.assets import asset

    entries = many(coverage, 500)
    for entry in entries[:200:17]:
        actions.mark_key(entry.pk, True)
    for entry in entries[:3]:
        actions.pin_entry(entry.pk, True)
    html = client.get(coverage.get_absolute_url()).content
    files = [asset("css/nightdesk.css").body, asset("js/nightdesk.js").body]
    assert sum(len(gzip.compress(part, 6)) for part in (html, *files)) < 60 * 1024
    assert StoryPage.objects.count() == 0
