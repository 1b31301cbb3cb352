"""Author, desk and topic pages; and what every list costs."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import SectionPage, Topic
from tests.making import a_brief, a_picture, a_story, indexed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def desk(newsroom):
    return Desk.objects.create(
        name="The news desk", slug="news-desk", description="All of it.", locale=newsroom.locale
    )


@pytest.fixture
def ada(newsroom, desk):
    return Author.objects.create(
        name="Ada Brook",
        slug="ada-brook",
        role="Reporter",
        bio="<p>Writes about <b>rivers</b>.</p>",
        desk=desk,
        portrait=a_picture("Ada at a lock"),
        locale=newsroom.locale,
    )


def test_an_author_page_says_who_they_are_and_lists_what_they_wrote(client, section, ada):
    a_story(section, "Hers", signed_by=[ada])
    a_story(section, "Not hers")
    a_story(section, "Her draft", signed_by=[ada], live=False)
    page = client.get("/authors/ada-brook/")
    content = page.content.decode()
    for words in ("Ada Brook", "Reporter", "<b>rivers</b>", "/desks/news-desk/", "Ada at a lock"):
        assert words in content
    assert [story.title for story in page.context["stories"]] == ["Hers"]


def test_a_story_that_an_author_signs_twice_is_listed_once(client, section, ada):
    a_story(section, "Hers", signed_by=[ada, ada])
    assert len(client.get("/authors/ada-brook/").context["stories"]) == 1


def test_a_desk_page_lists_its_stories_and_those_who_write_for_it(client, section, ada, desk):
    a_story(section, "The desk's", signed_by=[desk])
    a_story(section, "Hers", signed_by=[ada])
    Author.objects.create(name="Unknown", slug="unknown", desk=desk, locale=section.locale)
    page = client.get("/desks/news-desk/")
    assert [story.title for story in page.context["stories"]] == ["The desk's"]
    assert [author.name for author in page.context["authors"]] == ["Ada Brook"]


def test_who_has_signed_nothing_that_is_out_has_no_page(client, section, ada):
    a_story(section, "Her draft", signed_by=[ada], live=False)
    assert client.get("/authors/ada-brook/").status_code == 404
    assert client.get("/desks/news-desk/").status_code == 404
    portrait = f"/media/{ada.portrait.files()[0]}"
    assert client.get(portrait).status_code == 404
    a_story(section, "Hers", signed_by=[ada])
    assert client.get("/authors/ada-brook/").status_code == 200
    assert client.get(portrait).getvalue()  # which closes the file, too


def test_the_host_of_a_newsletter_has_a_page_without_stories(client, newsroom, ada):
    letter = Newsletter.objects.create(
        name="Morning", slug="morning", host=ada, locale=newsroom.locale, offered=False
    )
    assert client.get("/authors/ada-brook/").status_code == 404
    letter.offered = True
    letter.save()
    assert client.get("/authors/ada-brook/").status_code == 200


def test_a_topic_is_known_once_a_story_on_it_is_out(client, section):
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=section.locale)
    a_story(section, topics=[topic], live=False)
    assert client.get("/topics/rivers/").status_code == 404
    story = a_story(section, topics=[topic])
    assert client.get("/topics/rivers/").context["stories"] == [story]


def test_older_pages_of_an_author_stay(client, section, ada):
    now = timezone.now()
    for n in range(50):
        a_story(section, at=now - datetime.timedelta(hours=n), signed_by=[ada])
    first = client.get("/authors/ada-brook/").context
    older = client.get(first["older_url"]).context["stories"]
    a_story(section, signed_by=[ada])
    assert client.get(first["older_url"]).context["stories"] == older


LISTS = {
    "/": 64,
    "/news/": 40,
    "/authors/ada-brook/": 40,
    "/desks/news-desk/": 40,
    "/topics/rivers/": 40,
    "/archive/": 30,
    f"/archive/{timezone.localtime():%Y/%m}/": 40,
    "/search/?q=story": 40,
    "/news-feed/": 34,
    "/sitemap.xml": 12,
    "/news-sitemap.xml": 6,
    "/sitemaps/pages.xml": 18,
    f"/sitemaps/stories-{timezone.localtime():%Y-%m}.xml": 6,
    "/nothing-here/": 40,
}


def test_no_list_asks_the_database_once_for_every_story(client, newsroom, section, ada, desk):
    world = newsroom.add_child(
        instance=SectionPage(title="World", slug="world", locale=newsroom.locale)
    )
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)

    def grow(count):
        for n in range(count):
            story = a_story(
                world if n % 3 == 1 else section,
                signed_by=[ada, desk],
                topics=[topic],
                lead_picture=a_picture(),
                kind="analysis" if n % 2 else "news",
            )
            indexed(story, a_brief(newsroom.locale, "A story.", story=story))

    def costs():
        found = {}
        for url in LISTS:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            found[url] = len(captured)
        return found

    grow(12)
    few = costs()
    grow(28)
    many = costs()
    assert few == many
    assert {url: count for url, count in many.items() if count > LISTS[url]} == {}
