"""What readers, robots and attackers get for addresses and methods that make no sense."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nightdesk.fronts.actions import open_newsroom
from nightdesk.people.models import Author
from nightdesk.stories.models import SectionPage, Topic
from tests.making import a_brief, a_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADDRESSES = 5000 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 150


@pytest.fixture
def pages(newsroom, section) -> list[str]:
    """One address of every sort of page."""
    ada = Author.objects.create(name="Ada", slug="ada", locale=newsroom.locale)
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)
    story = a_story(section, signed_by=[ada], topics=[topic])
    brief = a_brief(newsroom.locale)
    return [
        *("/", "/uk/", "/news/", story.url, "/authors/ada/", "/topics/rivers/", "/archive/"),
        *("/search/?q=x", "/news-feed/", brief.get_absolute_url(), "/newsletters/"),
        *("/feeds/rss.xml", "/feeds/feed.json", "/sitemap.xml", "/news-sitemap.xml"),
        "/robots.txt",
    ]


def test_a_404_helps_on(client, section):
    story = a_story(section, "Something to read")
    page = client.get("/no/such/page/")
    content = page.content.decode()
    assert page.status_code == 404
    assert story.url in content
    assert 'name="q"' in content
    assert 'content="noindex' in content


def test_a_404_in_another_edition_speaks_its_language(client, newsroom):
    page = client.get("/uk/no/such/page/")
    assert page.status_code == 404
    assert page["Content-Language"] == "uk"
    assert '<html lang="uk"' in page.content.decode()


def test_nothing_but_reading_can_be_done_to_a_page(pages):
    client = Client(enforce_csrf_checks=True)
    for address in pages:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            response = client.generic(method, address, b"x=1")
            assert response.status_code == 405, (method, address)
            assert "GET" in response["Allow"]


def test_head_answers_as_get_does_without_a_body(client, pages):
    for address in pages:
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head["Content-Type"]) == (200, got["Content-Type"]), address
        assert head.content == b""


def test_a_forgotten_slash_is_added(client, pages):
    for address in pages:
        path, _, query = address.partition("?")
        if path.endswith("/") and path != "/":
            response = client.get(f"{path.rstrip('/')}?{query}" if query else path.rstrip("/"))
            assert response.status_code == 301, address
            assert response["Location"] == address


def test_editions_that_the_newsroom_does_not_have_are_not_found(client, pages):
    for address in ("/de/", "/de/news/", "/UK/", "/en/", "/uk/uk/"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize(
    "address",
    [
        "/authors/%00/",
        "/authors/ada%00/",
        "/topics/%ff%fe/",
        "/desks/%F0%9F%8C%8A/",
        "/desks/%D1%96/",
        "/archive/%00/",
        "/news-feed/%D9%A3/",
        "/news-feed/99999999999999999999999/",
        "/news-feed/before/99999999999999999999999/",
        "/authors/ada/before/99999999999999999999/",
        "/news/%00/",
        "/%00",
        "/%0a%0d/",
        "/..%2f..%2fetc/passwd",
        "/media/..%2f..%2fsite.db",
        "/media/pictures/../../site.db",
        "/media/%00",
        "/media/originals/x.jpg",
        "/feeds/%00/rss.xml",
        "/sitemaps/stories-2026-03.xml%00",
        "/uk/authors/%E0%A4%A/",
        "/_util/authenticate_with_password/1/1/",
        "/_util/authenticate_with_password/99999999999999999999/1/",
        "/" + "a/" * 900,
        "/" + "a" * 5000 + "/",
        "/staff/edit-link/?page=%00",
    ],
)
def test_odd_addresses_are_not_found_and_break_nothing(client, pages, address):
    response = client.generic("GET", address)
    assert response.status_code in {200, 301, 404}
    if response.status_code == 200:
        assert address.startswith("/staff/")


WORDS = [
    *("news", "authors", "ada", "desks", "topics", "rivers", "archive", "2026", "03", "before"),
    *("search", "feeds", "rss.xml", "feed.json", "news-feed", "1", "uk", "ar", "media", "pictures"),
    *("sitemap.xml", "sitemaps", "stories-2026-03.xml", "staff", "edit-link", "_util", "assets"),
    *("", ".", "..", "-1", "0", "9" * 25, "٣", "%00", "%", "%2F", "ʼ", "\u202e", "<b>", "'"),
]


@pytest.mark.fault
class AnyAddress(TestCase):
    """P8 of the goals: whatever is asked for, the site answers and breaks nothing. 150 addresses
    here, 5,000 with ``NIGHTDESK_FAULTS=full``."""

    @classmethod
    def setUpTestData(cls):
        home = open_newsroom("The Test Post", ["en", "uk"], "News")
        section = SectionPage.objects.child_of(home).get()
        ada = Author.objects.create(name="Ada", slug="ada", locale=home.locale)
        a_story(section, signed_by=[ada])
        a_brief(home.locale)

    parts = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=5)
    names = st.sampled_from(["q", "before", "in", "page", "next", "utm_source", "format"])
    queries = st.lists(st.tuples(names, st.text(max_size=12)), max_size=3)

    @given(parts=parts, slash=st.booleans(), query=queries, raw=st.text("&=?%+;#\x00", max_size=4))
    @settings(max_examples=ADDRESSES, deadline=None, suppress_health_check=list(HealthCheck))
    def test_is_answered(self, parts, slash, query, raw):
        def encoded(text):
            return quote(text.encode("utf-8", "replace"), safe="%.-_~")

        path = "/" + "/".join(encoded(part) for part in parts) + ("/" if slash and parts else "")
        string = "&".join(f"{name}={encoded(value)}" for name, value in query)
        response = self.client.generic("GET", f"{path}?{string}{quote(raw, safe='&=?%+;')}")
        assert response.status_code < 500
        if response.status_code in {301, 302}:
            assert not re.match(r"^(?:[a-z]+:)?//(?!testserver)", response["Location"])
