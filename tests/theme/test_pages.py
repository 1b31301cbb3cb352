"""What readers get: pages whose words, pictures and links are right before any script runs."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone

from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import Topic
from nightdesk.theme.templatetags.theme import Edition
from tests.making import a_brief, a_picture, a_story

WHEN = datetime.datetime(2023, 3, 8, 14, 16, tzinfo=datetime.UTC)


def _page(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def desk(newsroom):
    return Desk.objects.create(name="The Test Post news desk", slug="news", locale=newsroom.locale)


def test_a_story_says_who_when_and_how_long(client, section, desk):
    story = a_story(section, "Bakery opens", at=WHEN, signed_by=[desk], standfirst="At last.")
    page = _page(client, story.url)
    assert '<h1 class="story__headline">Bakery opens</h1>' in page
    assert f'<a href="{desk.get_absolute_url()}" rel="author">The Test Post news desk</a>' in page
    assert ">March 8, 2023 4:16 PM EET</time>" in page
    assert "1 min read" in page
    assert "Updated" not in page
    assert page.count("<h1") == 1


def test_two_authors_are_joined_as_people_say_it(client, section, newsroom):
    people = [
        Author.objects.create(name=name, slug=name.lower(), locale=newsroom.locale)
        for name in ("Ada", "Bo", "Cy")
    ]
    page = _page(client, a_story(section, signed_by=people).url)
    byline = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page[page.index('class="byline"') :]))
    assert "By Ada, Bo and Cy" in byline


def test_the_first_thing_to_reach_by_keyboard_skips_to_the_content(client, newsroom):
    page = _page(client, "/")
    first = re.search(r"<(?:a|button|input)\b[^>]*>", page[page.index("<body") :])
    assert first[0] == '<a class="skip" href="#content">'
    assert '<main id="content"' in page


def test_the_edit_link_is_in_no_reader_page(client, section):
    page = _page(client, a_story(section).url)
    assert "/admin/" not in page
    assert "Edit post" not in page


def test_a_picture_keeps_its_place_its_colour_and_its_focal_point(client, section):
    picture = a_picture("A crane at dawn", caption="It works.", palette=7, credit="Ada / Post")
    page = _page(client, a_story(section, lead_picture=picture).url)
    image = re.search(r'<img[^>]*alt="A crane at dawn"[^>]*>', page)[0]
    assert 'width="1200" height="800"' in image
    assert 'class="paper-7 focus-2-2"' in image
    assert 'fetchpriority="high"' in image
    assert page.index('type="image/avif"') < page.index('type="image/webp"') < page.index(image)
    assert '<span class="caption">It works.</span> <span class="credit">Ada / Post</span>' in page


def test_a_sensitive_picture_is_covered_until_asked_for_without_any_script(client, section):
    picture = a_picture("A ruin", sensitive=True)
    page = _page(client, a_story(section, lead_picture=picture).url)
    cover = page[page.index('<details class="cover">') : page.index("</details>")]
    assert "This picture may disturb." in cover
    assert 'alt="A ruin"' in cover
    assert "og:image" not in page


def test_a_quote_names_its_speaker_role_and_source(client, section):
    quote = {"text": "We stay.", "speaker": "Ada", "role": "mayor", "source": "as cited by DW"}
    page = _page(client, a_story(section, body=[("quote", quote)]).url)
    assert "<blockquote><p>We stay.</p></blockquote>" in page
    assert "<figcaption><b>Ada</b>, mayor · <cite>as cited by DW</cite></figcaption>" in page


def test_a_related_card_is_one_link_and_a_waiting_headline_none(client, section):
    other = a_story(section, "The other story")
    body = [
        ("related", {"story": other, "headline": ""}),
        ("related", {"story": None, "headline": "Not here yet"}),
    ]
    page = _page(client, a_story(section, body=body).url)
    story = page[page.index('<div class="story__body">') : page.index('<div class="rail">')]
    assert story.count(f'href="{other.url}"') == 1
    assert "<b>Read also:</b> Not here yet</p>" in story


def test_a_video_is_a_plain_link_until_the_reader_asks(client, section):
    embed = {"url": "https://www.youtube.com/watch?v=abc", "title": "The bridge, filmed"}
    page = _page(client, a_story(section, body=[("embed", embed)]).url)
    assert (
        '<a href="https://www.youtube.com/watch?v=abc" rel="noopener">The bridge, filmed</a>'
        in page
    )
    assert "<iframe" not in page
    assert 'frame="https://www.youtube-nocookie.com/embed/abc"' in page


def test_every_card_has_exactly_one_link(client, section, desk):
    for number in range(8):
        a_story(section, f"Story {number}", signed_by=[desk], lead_picture=a_picture())
    for url in ("/", section.url, "/nowhere/"):
        page = client.get(url).content.decode()
        cards = re.findall(r'<article class="teaser.*?</article>', page, re.S)
        assert cards
        assert {card.count("<a ") for card in cards} == {1}


def test_the_newest_brief_is_open_and_older_ones_wait_under_their_days(client, newsroom):
    now = timezone.now()
    a_brief(newsroom.locale, "Old.", headline="Yesterday", published_at=now - datetime.timedelta(1))
    a_brief(newsroom.locale, "New & <b>bold</b>.", headline="Now", published_at=now)
    page = _page(client, "/news-feed/")
    opened = re.findall(r'<details class="brief"[^>]* open [^>]*>', page)
    assert len(opened) == 1
    assert page.index(opened[0]) < page.index("Now</span>")
    assert page.count('<section class="feed-day"') == 2
    assert "<p>New &amp; &lt;b&gt;bold&lt;/b&gt;.</p>" in page


def test_a_reader_can_change_to_the_same_story_in_another_language(client, section):
    story = a_story(section, "The story")
    page = _page(client, story.url)
    assert '<a href="/uk/" lang="uk" hreflang="uk">Українська</a>' in page
    assert 'hreflang="uk" href=' not in page, "the story itself is not translated"


def test_a_right_to_left_edition_says_so(client, newsroom):
    from nightdesk.fronts.actions import open_newsroom

    open_newsroom("The Test Post", ["en", "ar"], "News")
    assert '<html lang="ar" dir="rtl">' in _page(client, "/ar/")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("The Kestrow Courier", ""),
        ("Кестровський кур’єр", "wordmark--long"),  # as many letters, on two lines of a phone
        ("The Kestrow and Lower Welm Courier", "wordmark--very-long"),
    ],
)
def test_a_papers_name_is_set_as_large_as_a_phone_can_hold_it_on_one_line(name, size):
    assert Edition("uk", name, "/uk/").length_class == size


def test_a_page_in_the_readers_own_script_asks_for_no_font(client, newsroom):
    from nightdesk.fronts.actions import open_newsroom

    open_newsroom("The Test Post", ["en", "ar"], "News")
    assert "fonts/headline-cyrillic" in _page(client, "/uk/")
    assert 'as="font"' not in _page(client, "/ar/")
    assert _page(client, "/").count('as="font"') == 2


def test_a_long_headline_keeps_the_tab_to_itself(client, section):
    headline = "Council & mayor agree on a budget for the bridges that nobody wanted to pay for"
    short, long = a_story(section, "Short"), a_story(section, headline)
    assert "<title>Short – The Test Post</title>" in _page(client, short.url)
    assert f"<title>{headline.replace('&', '&amp;')}</title>" in _page(client, long.url)


def test_a_lost_reader_gets_a_search_and_the_newest_stories(client, section):
    a_story(section, "The newest of all")
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    page = response.content.decode()
    assert 'role="search"' in page
    assert "The newest of all" in page
    assert '<meta name="robots" content="noindex">' in page


def test_topics_lead_on(client, section):
    topic = Topic.objects.create(name="Bread", slug="bread", locale=section.locale)
    page = _page(client, a_story(section, topics=[topic]).url)
    assert f'<a href="{topic.get_absolute_url()}">Bread</a>' in page


def test_a_front_of_many_stories_costs_no_more_questions_than_one_of_few(
    client, section, desk, django_assert_max_num_queries
):
    for _ in range(3):
        a_story(section, signed_by=[desk])
    client.get(section.url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        _page(client, section.url)
    for _ in range(12):
        a_story(section, signed_by=[desk])
    with django_assert_max_num_queries(len(few)):
        _page(client, section.url)
