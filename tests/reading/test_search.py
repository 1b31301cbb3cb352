"""A reader searches: finds what is out, in their language, and never meets an error."""

from __future__ import annotations

import datetime
import os

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nightdesk.fronts.actions import open_newsroom
from nightdesk.fronts.models import HomePage
from nightdesk.stories.models import SectionPage
from tests.making import a_brief, a_story, indexed

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUERIES = 5000 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 150


def found(client, query: str, **more: str) -> list[str]:
    response = client.get("/search/", {"q": query, **more})
    assert response.status_code == 200
    return [story.title for story in response.context["stories"]]


@pytest.fixture
def story(section):
    story = a_story(
        section,
        "Lantern Bridge closed to trams",
        standfirst="Engineers found a crack at the café end.",
        body="<p>Nobody in <b>Hollin</b> expected it, said O’Hara.</p>",
    )
    indexed(story)
    return story


@pytest.mark.parametrize(
    "query",
    [
        "lantern",
        "LANTERN bridge",
        "bridge lantern",
        "engineers",
        "hollin",
        "café",
        "O'Hara",
        "o’hara",
        '"lantern bridge"',
        "  lantern\t\nbridge ",
    ],
)
def test_a_story_is_found_by_the_words_of_headline_standfirst_and_text(client, story, query):
    assert found(client, query) == [story.title]


@pytest.mark.parametrize("query", ["lantern missing", "zzz", "lanternx"])
def test_every_word_must_be_found(client, story, query):
    response = client.get("/search/", {"q": query})
    assert response.context["stories"] == []
    assert "/archive/" in response.content.decode()


@pytest.mark.parametrize("written", ["ʼ", "’", "'"])
@pytest.mark.parametrize("typed", ["ʼ", "’", "'"])
def test_ukrainian_words_are_found_with_whichever_apostrophe(client, newsroom, written, typed):
    home = HomePage.objects.get(locale__language_code="uk")
    section = home.add_child(
        instance=SectionPage(title="Новини", slug="novyny", locale=home.locale)
    )
    indexed(a_story(section, f"П{written}ять Мостів закрили"))
    response = client.get("/uk/search/", {"q": f"п{typed}ять мостів"})
    assert len(response.context["stories"]) == 1


def test_each_edition_searches_its_own_stories(client, story):
    assert client.get("/uk/search/", {"q": "lantern"}).context["stories"] == []


def test_what_readers_may_not_read_is_not_found(client, section):
    draft = a_story(section, "Canary in a draft", live=False)
    gone = a_story(section, "Canary taken down")
    hidden = a_story(section, "Canary behind a password")
    hidden.view_restrictions.create(restriction_type="password", password="x")
    indexed(draft, gone, hidden)
    gone.unpublish()
    assert found(client, "canary") == []


def test_the_newest_come_first_and_older_pages_follow_without_gap_or_double(client, section):
    now = timezone.now()
    stories = [
        a_story(section, f"Flood report {n}", at=now - datetime.timedelta(hours=n // 2))
        for n in range(45)
    ]
    indexed(*stories)
    url, seen = "/search/?q=flood", []
    while url:
        context = client.get(url).context
        seen += [story.title for story in context["stories"]]
        url = context["older_url"]
    assert sorted(seen) == sorted(story.title for story in stories)
    assert seen[0] in {"Flood report 0", "Flood report 1"}


def test_briefs_stand_beside_stories_and_all_of_them_on_their_own_page(client, newsroom):
    briefs = [a_brief(newsroom.locale, f"Water rises, report {n}.") for n in range(30)]
    withdrawn = a_brief(newsroom.locale, "Water everywhere.", live=False)
    indexed(*briefs, withdrawn)
    first = client.get("/search/?q=water").context
    assert len(first["briefs"]) == 5
    url, seen = first["all_briefs_url"], []
    while url:
        context = client.get(url).context
        seen += [brief.pk for brief in context["briefs"]]
        url = context["older_url"]
    assert sorted(seen) == sorted(brief.pk for brief in briefs)


def test_the_form_comes_without_a_query_and_the_page_stays_out_of_search_engines(client, newsroom):
    response = client.get("/search/")
    assert response["X-Robots-Tag"] == "noindex"
    assert "<form" in response.content.decode()
    assert 'name="q"' in response.content.decode()


def test_the_query_is_shown_as_it_was_typed_and_does_nothing(client, newsroom):
    page = client.get("/search/", {"q": '<script>alert(1)</script>"onfocus="x'}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;onfocus=&quot;x" in page


@pytest.mark.parametrize(
    "query",
    [
        '"',
        'a"b',
        "\x00",
        "a\x00b",
        "*",
        "a*",
        "NEAR(",
        "NEAR(a b, 3)",
        "AND OR NOT",
        "a AND",
        "((((",
        "a)b(",
        "title:lantern",
        "{title} : x",
        "^lantern",
        "-",
        "a - b",
        "'; DROP TABLE stories_storypage; --",
        "100%",
        "%s %d %(x)s",
        "\\",
        "a\\'b",
        "'",
        "''''",
        "ʼ",
        "a'b'c'd",
        "🌊",
        "👩‍👩‍👧",
        "مرحبا بالعالم",
        "\u202eabc",
        "x" * 10_000,
        "word " * 2_000,
        "' " * 5_000,
        "a & b | !c <-> d:*",
        "the",
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_no_query_is_an_error(client, story, query):
    assert client.get("/search/", {"q": query}).status_code == 200
    assert client.get("/search/", {"q": query, "in": "briefs"}).status_code == 200


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 17, "9" * 40, "٣", "1.5", ""])
def test_no_page_number_is_an_error(client, story, before):
    assert client.get("/search/", {"q": "lantern", "before": before}).status_code == 200


@pytest.mark.fault
class AnyQuery(TestCase):
    """Queries of everything that a keyboard, a scanner or a search grammar can make: 150 here,
    5,000 with ``NIGHTDESK_FAULTS=full``."""

    @classmethod
    def setUpTestData(cls):
        home = open_newsroom("The Test Post", ["en", "uk"], "News")
        indexed(a_story(SectionPage.objects.child_of(home).get(), "Lantern Bridge"))

    grammar = st.lists(
        st.one_of(
            st.sampled_from(
                ["AND", "OR", "NOT", "NEAR", "(", ")", '"', "'", "*", ":", "^", "-", "+", "{", "}"]
            ),
            st.sampled_from(["%", "\\", "\x00", "&", "|", "!", "<->", ";", "--", "lantern", "ʼ"]),
            st.text(max_size=6),
        ),
        max_size=12,
    ).map(" ".join)

    @given(query=st.one_of(st.text(max_size=80), grammar))
    @settings(max_examples=QUERIES, deadline=None, suppress_health_check=list(HealthCheck))
    def test_never_breaks_the_page(self, query):
        encodable = query.encode("utf-8", "replace").decode()
        assert self.client.get("/search/", {"q": encodable}).status_code == 200
