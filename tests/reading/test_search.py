"""A reader searches: finds what is out, in their language, and never meets an error."""

from __future__ import annotations

import datetime
import os
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nightdesk.coverage import actions, searching
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.fronts.actions import open_newsroom
from nightdesk.fronts.models import HomePage
from nightdesk.stories.models import SectionPage
from tests.coverage.making import a_coverage, an_entry
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


def covered(client, query: str, **more: str) -> list[str]:
    """What was found of coverage, by what the page calls it."""
    response = client.get("/search/", {"q": query, **more})
    assert response.status_code == 200
    page = response.content.decode()
    for hit in response.context["covered"]:
        assert f'href="{hit.get_absolute_url()}"' in page
    return [str(hit) for hit in response.context["covered"]]


def test_coverage_is_found_by_its_title_its_summary_and_its_updates(client, newsroom):
    coverage = a_coverage(
        "The river rises", standfirst="Hollin under water.", summary="<p>A <b>dam</b> broke.</p>"
    )
    an_entry(coverage, "Kingfisher seen at the gates.", headline="Lock closed")
    searching.bring_in()
    for words in ("river rises", "hollin", "dam"):
        assert covered(client, words) == ["The river rises"]
    for words in ("kingfisher", "lock gates"):
        assert covered(client, words) == ["Lock closed", "The river rises"]
    assert covered(client, "kingfisher missing") == []
    assert client.get("/uk/search/", {"q": "river"}).context["covered"] == []
    page = client.get("/search/", {"q": "kingfisher"}).content.decode()
    assert coverage.get_absolute_url() in page and "In live coverage" in page


def test_no_update_is_found_that_readers_do_not_have(client, newsroom):
    """Also while the index still has it."""
    coverage, gone = a_coverage("One"), a_coverage("Canary")
    withdrawn = an_entry(coverage, "Canary withdrawn.")
    an_entry(coverage, "Canary in a draft.", publish=False)
    an_entry(coverage, "Canary later.", at=timezone.now() + datetime.timedelta(hours=1))
    an_entry(gone, "Canary of what is gone.")
    shown = an_entry(coverage, "Canary sings.")
    searching.bring_in()
    Entry.objects.filter(pk=withdrawn.pk).update(live=False)
    Coverage.objects.filter(pk=gone.pk).update(live=False)
    assert covered(client, "canary") == ["Canary sings", "One"]
    actions.withdraw_entry(shown.pk, key=uuid.uuid4())
    assert covered(client, "canary") == []
    page = client.get("/search/", {"q": "canary", "in": "coverage"}).content.decode()
    assert "sings" not in page and "Nothing was found" in page


def test_a_brief_that_was_taken_in_is_found_as_a_brief_and_with_its_coverage(client, newsroom):
    brief = a_brief(newsroom.locale, "Canary in the News Feed.")
    coverage = a_coverage("One")
    actions.take_in(coverage.pk, brief.pk)
    an_entry(coverage, "The miners go up.")
    indexed(brief)
    searching.bring_in()
    context = client.get("/search/", {"q": "canary"}).context
    assert context["briefs"] == [brief] and context["covered"] == [coverage]
    assert covered(client, "canary miners") == ["One"]


def test_coverage_and_updates_are_found_newest_first_without_gap_or_double(client, newsroom):
    now = timezone.now()
    began = [now - datetime.timedelta(hours=n) for n in range(6)]
    coverages = [a_coverage(f"Flood {n}", at=at) for n, at in enumerate(began)]
    entries = [an_entry(coverages[n % 6], f"Flood report {n}.") for n in range(40)]
    for number, entry in enumerate(entries):
        Entry.objects.filter(pk=entry.pk).update(published_at=began[number % 6])
    searching.bring_in()
    first = client.get("/search/?q=flood").context
    assert len(first["covered"]) == 5
    url, seen = first["all_covered_url"], []
    while url:
        context = client.get(url).context
        seen += context["covered"]
        url = context["older_url"]
    times = [hit.started_at if isinstance(hit, Coverage) else hit.published_at for hit in seen]
    assert times == sorted(times, reverse=True) and len(seen) == 46 == len(set(seen))


@pytest.mark.parametrize("before", ["e", "c0", "e" + "9" * 18, "e" + "9" * 40, "x1", "e٣", "12"])
def test_no_place_in_a_list_of_coverage_is_an_error(client, newsroom, before):
    a_coverage("Flood")
    searching.bring_in()
    assert covered(client, "flood", **{"in": "coverage", "before": before}) == []


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
    for alone in ("briefs", "coverage"):
        assert client.get("/search/", {"q": query, "in": alone}).status_code == 200


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
