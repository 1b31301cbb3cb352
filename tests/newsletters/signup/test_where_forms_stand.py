"""On every story, on the newsletters page, on a page for each: plain forms that are the same for all."""

from __future__ import annotations

import re

import pytest
from wagtail.models import Locale

from nightdesk.newsletters import parts
from nightdesk.newsletters.signup.fragment import sign_up
from nightdesk.press import pages
from tests.making import a_story
from tests.newsletters.signup.conftest import a_newsletter

pytestmark = pytest.mark.django_db


def forms(page: str) -> list[str]:
    return re.findall(r'<form class="sign-up__form".*?</form>', page, re.S)


def test_a_story_ends_in_a_form_for_the_first_newsletters_of_its_language(
    client, section, morning, evening
):
    for number in range(3):
        a_newsletter(section.locale, f"Later {number}", order=9)
    page = client.get(a_story(section).url).content.decode()
    (form,) = forms(page)
    assert 'type="hidden" name="newsletter" value="morning-watch"' in form
    assert re.findall(r'type="checkbox" name="newsletter" value="([\w-]+)"', form) == [
        "evening-watch",
        "later-0",
    ]
    assert "checked" not in form
    assert 'action="/newsletters/sign-up/" method="post"' in form
    assert "csrf" not in form


def test_nothing_of_the_page_is_in_the_piece_that_all_stories_share(section, morning):
    assert sign_up("en") == sign_up("en")
    assert 'name="from"' not in sign_up("en")
    assert sign_up("uk") == ""


def test_a_change_of_a_newsletter_is_in_the_form_at_once(client, section, morning):
    story = a_story(section)
    morning.button_words, morning.label_words = "Count me in", "Your address"
    morning.required_words = "* has to be there"
    morning.save()
    page = client.get(story.url).content.decode()
    assert ">Count me in</button>" in page and "Your address" in page
    assert "* has to be there" in page and "* *" not in page


def test_the_newsletters_page_has_a_form_for_each_and_one_for_several(client, morning, evening):
    page = client.get("/newsletters/").content.decode()
    each, other, several = forms(page)
    assert 'value="morning-watch"' in each and 'value="evening-watch"' in other
    assert several.count('type="checkbox"') == 2
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for form in (each, other, several):
        label = re.search(r'<label class="sign-up__label" for="([^"]+)"', form)[1]
        assert f'<input id="{label}" name="email" type="email"' in form
        assert "* indicates required" in form


def test_a_single_newsletter_needs_no_form_for_several(client, morning):
    assert len(forms(client.get("/newsletters/").content.decode())) == 1


def test_each_newsletter_has_a_page_of_its_own(client, newsroom, morning):
    page = client.get("/newsletters/morning-watch/").content.decode()
    assert "<h1" in page and "What happened in Morning Watch." in page
    assert len(forms(page)) == 1
    assert "/newsletters/morning-watch/" in set(pages.paths("newsletter"))
    assert 'rel="canonical" href="http://127.0.0.1:8000/newsletters/morning-watch/"' in page or (
        "/newsletters/morning-watch/" in page
    )


def test_a_newsletter_that_is_not_offered_has_no_page(client, newsroom):
    a_newsletter(newsroom.locale, "Planned", offered=False)
    ranok = a_newsletter(Locale.objects.get(language_code="uk"), "Ранок")
    assert client.get("/newsletters/planned/").status_code == 404
    assert client.get("/newsletters/ранок/").status_code == 404
    assert client.get(ranok.get_absolute_url()).status_code == 200
    assert set(pages.paths("newsletter")) == {ranok.get_absolute_url()}


def test_the_sitemap_names_each_newsletters_page(client, section, morning):
    listed = client.get("/sitemaps/pages.xml").content.decode()
    assert "/newsletters/morning-watch/</loc>" in listed


def test_a_room_above_adds_its_part_below_the_form(client, morning, monkeypatch):
    monkeypatch.setattr(parts, "_parts", {})
    parts.register("past", lambda newsletter: f"[what {newsletter.name} sent]")
    assert "[what Morning Watch sent]" in client.get("/newsletters/morning-watch/").content.decode()


def test_addresses_of_the_room_are_nobodys_newsletter(client, newsroom):
    for slug in ("sign-up", "confirm"):
        a_newsletter(newsroom.locale, slug)
    assert client.get("/newsletters/sign-up/").status_code == 302


def test_a_right_to_left_edition_has_its_form_too(client, newsroom):
    from nightdesk.fronts.actions import open_newsroom

    open_newsroom("The Test Post", ["en", "uk", "ar"], "News")
    a_newsletter(Locale.objects.get(language_code="ar"), "Sabah")
    page = client.get("/ar/newsletters/").content.decode()
    assert 'dir="rtl"' in page and 'action="/ar/newsletters/sign-up/"' in page
