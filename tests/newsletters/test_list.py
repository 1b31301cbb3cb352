"""The newsletters page: what there is to subscribe to."""

from __future__ import annotations

import pytest
from wagtail.models import Locale

from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author
from tests.making import a_picture

pytestmark = pytest.mark.django_db


def a_letter(locale, name: str, **fields: object) -> Newsletter:
    return Newsletter.objects.create(
        locale=locale,
        name=name,
        slug=name.lower(),
        description=f"About {name}.",
        schedule_text="Every weekday at 7 a.m.",
        **fields,
    )


def test_what_is_offered_is_listed_in_the_editors_order(client, newsroom):
    a_letter(newsroom.locale, "Evening", order=2)
    a_letter(newsroom.locale, "Morning", order=1)
    a_letter(newsroom.locale, "Planned", offered=False)
    page = client.get("/newsletters/")
    assert [letter.name for letter in page.context["newsletters"]] == ["Morning", "Evening"]
    content = page.content.decode()
    assert "About Morning." in content
    assert "Every weekday at 7 a.m." in content
    assert "Planned" not in content


def test_the_host_is_named_with_a_page_that_opens(client, newsroom):
    host = Author.objects.create(name="Ada Brook", slug="ada-brook", locale=newsroom.locale)
    a_letter(newsroom.locale, "Morning", host=host)
    assert host.get_absolute_url() in client.get("/newsletters/").content.decode()
    assert client.get(host.get_absolute_url()).status_code == 200


def test_each_edition_offers_its_own(client, newsroom):
    a_letter(newsroom.locale, "Morning")
    a_letter(Locale.objects.get(language_code="uk"), "Ранок")
    names = [letter.name for letter in client.get("/uk/newsletters/").context["newsletters"]]
    assert names == ["Ранок"]


def test_a_page_without_newsletters_has_no_dead_form(client, newsroom):
    page = client.get("/newsletters/").content.decode()
    assert 'type="email"' not in page


def test_a_picture_is_public_while_its_newsletter_is_offered(client, newsroom):
    picture = a_picture()
    letter = a_letter(newsroom.locale, "Morning", picture=picture, offered=False)
    file = f"/media/{picture.files()[0]}"
    assert client.get(file).status_code == 404
    letter.offered = True
    letter.save()
    assert client.get(file).status_code == 200
