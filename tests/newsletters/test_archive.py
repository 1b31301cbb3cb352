"""Past editions on the site: what readers were sent, less what they may not have any more."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.newsletters import tokens
from nightdesk.newsletters.models import Edition
from nightdesk.press.models import OutboxEntry
from nightdesk.stories.corrections import Correction
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_brief, a_picture, a_story
from tests.newsletters.composing import Html, a_newsletter, an_edition, sent

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def letter(newsroom):
    return a_newsletter(newsroom.locale)


def page(client, edition: Edition) -> Html:
    answer = client.get(edition.get_absolute_url())
    assert answer.status_code == 200
    return Html(answer.content.decode())


def test_an_edition_has_a_page_from_when_it_begins_to_be_sent(client, letter):
    edition = an_edition(letter, ("text", "<p>Hello.</p>"))
    address = f"/newsletters/morning/{edition.pk}/"
    for state, status in [
        ("draft", 404),
        ("approving", 404),
        ("scheduled", 404),
        ("preparing", 404),
        ("held", 404),
        ("sending", 200),
        ("paused", 200),
        ("finished", 200),
        ("cancelled", 200),
    ]:
        total = None if status == 404 else 1
        Edition.objects.update(state=state, started_at=timezone.now(), total=total)
        assert client.get(address).status_code == status, state
    Edition.objects.update(state="cancelled", total=None)
    assert client.get(address).status_code == 404


def test_the_page_says_what_the_edition_says_and_has_nobodys_own_links(client, letter, section):
    picture = a_picture("A tram")
    story = a_story(section, "Bridge closed", standfirst="Until spring.", lead_picture=picture)
    edition = sent(
        an_edition(
            letter,
            ("heading", "Today"),
            ("text", f'<p>See <a linktype="page" id="{story.pk}">that</a>.</p>'),
            ("story", story),
            ("brief", a_brief(section.locale, "Power is back.", headline="Power")),
            ("picture", a_picture("A map", caption="The river")),
            ("picks", {"heading": "", "count": 1, "stories": [story.pk]}),
        )
    )
    found = page(client, edition)
    assert found.headings[0] == ("h1", "What happened overnight")
    for words in ("Today", "Bridge closed", "Until spring.", "Power is back.", "The river"):
        assert words in found.text
    assert found.links.count(story.url) == 4
    assert not [link for link in found.links if link.startswith("http")]
    assert not [link for link in found.links if "unsubscribe" in link or "/yours/" in link]
    assert tokens.MARK not in found.text


def test_what_was_taken_from_readers_since_is_gone_from_it(client, letter, section, data):
    story, stays = a_story(section, "Bridge closed"), a_story(section, "Ferries")
    brief, picture = a_brief(section.locale, "Power is back."), a_picture("A map")
    edition = sent(
        an_edition(
            letter, ("story", story), ("story", stays), ("brief", brief), ("picture", picture)
        )
    )
    before = page(client, edition)
    assert "Bridge closed" in before.text and "Power is back." in before.text
    story.unpublish()
    takedown.take_down(kinds.named("brief"), brief, reason="x")
    takedown.take_down(kinds.named("picture"), picture, reason="x")
    after = page(client, edition)
    assert "Ferries" in after.text
    assert "Bridge closed" not in after.text and "Power is back." not in after.text
    assert picture.token not in client.get(edition.get_absolute_url()).content.decode()
    stays.unpublish()
    assert "is not published any more" in page(client, edition).text


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path


def test_a_retracted_story_is_called_so_and_a_corrected_one_says_what_is_right(
    client, letter, section
):
    wrong, right = a_story(section, "Bridge closed"), a_story(section, "Ferry sinks")
    own = {"story": wrong.pk, "headline": "Walk instead", "words": "", "picture": True}
    edition = sent(an_edition(letter, ("story", own), ("story", right)))
    wrong.corrections = [Correction(kind="retraction", words="Untrue.")]
    wrong.save_revision().publish()
    right.title = "Ferry stops"
    right.corrections = [Correction(kind="correction", words="It stopped.")]
    right.save_revision().publish()
    found = page(client, edition)
    assert "Retracted: Bridge closed" in found.text and "Walk instead" not in found.text
    assert "Ferry stops" in found.text and "Ferry sinks" not in found.text


def test_an_edition_and_its_correction_lead_to_each_other(client, letter):
    edition = sent(an_edition(letter, ("text", "<p>x</p>"), subject="The bridge"))
    correction = an_edition(
        letter, ("text", "<p>y</p>"), kind="correction", corrects=edition, subject="Not so"
    )
    assert "This edition was corrected" not in page(client, edition).text
    sent(correction)
    assert correction.get_absolute_url() in page(client, edition).links
    assert edition.get_absolute_url() in page(client, correction).links
    assert "A correction to “The bridge”, which we sent you on" in page(client, correction).text


def test_a_picture_in_it_is_public_as_long_as_the_edition_is(client, letter):
    picture = a_picture("A map")
    file = f"/media/{picture.files()[0]}"
    edition = an_edition(letter, ("picture", picture))
    assert client.get(file).status_code == 404
    sent(edition)
    assert client.get(file).status_code == 200


def test_the_list_shows_the_newest_first_and_leads_to_the_older_ones(client, letter):
    Edition.objects.bulk_create(
        Edition(
            newsletter=letter,
            subject=f"No {number}.",
            state="finished",
            total=0,
            started_at=timezone.now() - datetime.timedelta(hours=100 - number),
        )
        for number in range(50)
    )
    an_edition(letter, subject="Draft")
    seen, address = [], "/newsletters/morning/editions/"
    while address:
        answer = client.get(address)
        seen += [edition.subject for edition in answer.context["editions"]]
        address = answer.context["older_url"]
    assert seen == [f"No {number}." for number in reversed(range(50))]
    assert client.get("/newsletters/morning/editions/before/999999/").status_code == 404
    assert client.get("/newsletters/other/editions/").status_code == 404


def test_the_newsletters_own_page_shows_the_last_ones(client, letter):
    assert "Past editions" not in client.get("/newsletters/morning/").content.decode()
    edition = sent(an_edition(letter, ("text", "<p>x</p>"), subject="The <bridge>"))
    shown = client.get("/newsletters/morning/").content.decode()
    assert edition.get_absolute_url() in shown and "The &lt;bridge&gt;" in shown
    assert "/newsletters/morning/editions/" in shown and "/newsletters/morning/rss.xml" in shown


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_the_feed_has_what_the_edition_has(client, letter, section, name):
    story = a_story(section, "Bridge closed", standfirst="Until <spring>.")
    edition = sent(an_edition(letter, ("story", story), ("picture", a_picture("A map"))))
    answer = client.get(f"/newsletters/morning/{name}")
    assert answer.status_code == 200
    if name == "feed.json":
        (entry,) = answer.json()["items"]
        assert entry["url"].endswith(edition.get_absolute_url())
        assert "Bridge closed" in entry["content_html"]
        return
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "What happened overnight"
    assert entry.link.endswith(edition.get_absolute_url())
    assert "Until &lt;spring&gt;." in entry.content[0].value
    assert "/media/pictures/" in entry.content[0].value


def test_each_language_has_its_own(client, newsroom):
    letter = a_newsletter(Locale.objects.get(language_code="uk"), "Ранок", slug="ранок")
    edition = sent(an_edition(letter, ("text", "<p>Добрий ранок.</p>"), subject="Ніч"))
    assert edition.get_absolute_url().startswith("/uk/newsletters/")
    assert "Усі випуски" in page(client, edition).text
    assert client.get(f"/newsletters/ранок/{edition.pk}/").status_code == 404


def test_search_engines_learn_of_it(client, letter):
    edition = sent(an_edition(letter, ("text", "<p>x</p>")))
    root = ElementTree.fromstring(client.get("/sitemaps/pages.xml").content)
    found = {(each.text or "").partition("8000")[2] for each in root.iter() if "loc" in each.tag}
    assert edition.get_absolute_url() in found
    assert "/newsletters/morning/editions/" in found


def test_the_press_learns_when_one_is_sent_and_that_its_progress_says_nothing(letter):
    edition = an_edition(letter, ("text", "<p>x</p>"), subject="First")
    OutboxEntry.objects.all().delete()
    edition.send_at = edition.approved_at = timezone.now()
    edition.save(update_fields=["send_at", "approved_at"])
    assert not OutboxEntry.objects.exists()
    sent(edition)
    told = list(OutboxEntry.objects.all())
    assert any(edition.get_absolute_url() in str(vars(entry)) for entry in told)
    assert any(f"list:editions:{letter.pk}" in str(vars(entry)) for entry in told)


def test_a_withdrawn_page_is_gone_from_everywhere_and_can_come_back(client, letter, section):
    from nightdesk.newsletters.editions import actions

    picture = a_picture("A map")
    edition = sent(an_edition(letter, ("text", "<p>x</p>"), ("picture", picture)))
    places = (
        "/newsletters/morning/editions/",
        "/newsletters/morning/",
        "/newsletters/morning/rss.xml",
        "/sitemaps/pages.xml",
    )
    actions.withdraw(edition, None)
    assert client.get(edition.get_absolute_url()).status_code == 404
    assert client.get(f"/media/{picture.files()[0]}").status_code == 404
    for place in places:
        assert edition.get_absolute_url() not in client.get(place).content.decode(), place
    gone = [path for entry in OutboxEntry.objects.all() for path in entry.gone]
    assert edition.get_absolute_url() in gone
    actions.withdraw(edition, None, withdrawn=False)
    assert client.get(edition.get_absolute_url()).status_code == 200
    for place in places:
        assert edition.get_absolute_url() in client.get(place).content.decode(), place
