"""The News Feed: newest first, back to the first brief, each with an address of its own."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from tests.making import a_brief, a_picture, a_story

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def briefs(newsroom):
    now = timezone.now()
    return [
        a_brief(newsroom.locale, f"Report {n}. More.", published_at=now - n * HOUR)
        for n in range(95)
    ]


def test_more_news_leads_back_to_the_first_brief(client, briefs):
    url, seen = "/news-feed/", []
    while url:
        context = client.get(url).context
        seen += [brief.pk for brief in context["briefs"]]
        url = context["older_url"]
    assert seen == [brief.pk for brief in briefs]


def test_a_new_brief_changes_the_first_page_alone(client, newsroom, briefs):
    older = client.get("/news-feed/").context["older_url"]
    before = list(client.get(older).context["briefs"])
    a_brief(newsroom.locale, "Just in.")
    assert list(client.get(older).context["briefs"]) == before
    assert client.get("/news-feed/").context["briefs"][0].text == "Just in."


def test_a_brief_has_its_own_page_with_text_time_source_and_story(client, section):
    story = a_story(section, "The whole of it")
    brief = a_brief(
        section.locale,
        "Water rises.\n\nGates close.",
        source="The gauge",
        source_url="https://gauge.example/",
        story=story,
    )
    page = client.get(brief.get_absolute_url()).content.decode()
    for words in ("<p>Water rises.</p>", "<p>Gates close.</p>", "The gauge", "<time", story.url):
        assert words in page


def test_text_is_text(client, newsroom):
    brief = a_brief(newsroom.locale, "<script>alert(1)</script> & more")
    page = client.get(brief.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_what_is_not_out_has_no_page_and_no_place(client, newsroom):
    later = a_brief(newsroom.locale, "Later.", published_at=timezone.now() + HOUR)
    draft = a_brief(newsroom.locale, "Draft.", live=False)
    assert list(client.get("/news-feed/").context["briefs"]) == []
    for brief in (later, draft):
        assert client.get(brief.get_absolute_url()).status_code == 404
        assert client.get("/news-feed/rss.xml").content.count(b"<item>") == 0


def test_a_brief_does_not_lead_to_a_story_that_readers_cannot_open(client, section):
    story = a_story(section, "Kanareika")
    brief = a_brief(section.locale, story=story)
    PageViewRestriction.objects.create(page=story.page_ptr, restriction_type="login")
    assert brief.full_story is None
    for url in ("/news-feed/", brief.get_absolute_url()):
        assert "kanareika" not in client.get(url).content.decode().lower()


def test_each_edition_has_its_own_news_feed(client, newsroom):
    uk = Locale.objects.get(language_code="uk")
    brief = a_brief(uk, "Вода піднімається.")
    assert brief.get_absolute_url().startswith("/uk/news-feed/")
    assert list(client.get("/news-feed/").context["briefs"]) == []
    assert list(client.get("/uk/news-feed/").context["briefs"]) == [brief]
    assert client.get(f"/news-feed/{brief.pk}/").status_code == 404


def test_a_picture_is_public_as_long_as_its_brief_is(client, newsroom):
    picture = a_picture()
    file = f"/media/{picture.files()[0]}"
    brief = a_brief(newsroom.locale, picture=picture, live=False)
    assert client.get(file).status_code == 404
    brief.live = True
    brief.save()
    assert client.get(file).status_code == 200
