"""The body of a story: its words, its related cards, and links that lead somewhere."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from nightdesk.stories.models import StoryPage
from tests.making import a_picture, a_story

pytestmark = pytest.mark.django_db


def related(story=None, headline=""):
    return ("related", {"story": story, "headline": headline})


def cards(story) -> list[str]:
    """What the related blocks show: the card's headline, or the waiting line's."""
    story = StoryPage.objects.get(pk=story.pk)
    return [
        part.card.title if part.card else part.block.value["headline"]
        for part in story.parts
        if part.block.block_type == "related"
    ]


def test_words_are_what_readers_read(section):
    story = a_story(
        section,
        body=[
            ("text", "<p>One two <b>three</b>.</p><ul><li>four</li></ul>"),
            ("quote", {"text": "five six", "speaker": "Nobody", "role": "", "source": ""}),
            ("fact_box", {"title": "seven", "text": "<p>eight</p>"}),
            related(headline="not counted at all"),
        ],
    )
    assert story.words == 8
    assert story.reading_minutes == 1


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (200, 1), (201, 2), (1000, 5)])
def test_minutes_are_words_by_two_hundred_rounded_up(section, words, minutes):
    story = a_story(section, body=f"<p>{'word ' * words}</p>")
    assert story.reading_minutes == minutes


def test_a_card_follows_the_headline_of_its_story(client, section):
    other = a_story(section, "Before")
    story = a_story(section, body=[related(other)])
    other.title = "After"
    other.save_revision().publish()
    assert cards(story) == ["After"]
    assert "After" in client.get(story.url).content.decode()


def test_a_card_vanishes_with_its_story(client, section):
    other = a_story(section, "Kanareika")
    story = a_story(section, body=[("text", "<p>Text.</p>"), related(other)])
    other.unpublish()
    assert cards(story) == []
    assert "Kanareika" not in client.get(story.url).content.decode()


def test_a_headline_that_is_not_here_yet_is_a_line_and_becomes_a_card(client, section):
    story = a_story(section, body=[related(headline="The Gates “Close”")])
    assert cards(story) == ["The Gates “Close”"]
    other = a_story(section, 'the gates "close"')
    assert cards(story) == ['the gates "close"']
    assert other.url in client.get(story.url).content.decode()


def test_no_story_is_shown_twice_nor_within_itself(section):
    other = a_story(section, "Other")
    story = a_story(section, "Self", body=[related(other), related(headline="other")])
    story.body = [related(story), *[(b.block_type, b.value) for b in story.body]]
    story.save()
    assert cards(story) == ["Other"]


def test_a_link_to_a_page_that_is_not_out_keeps_its_words_and_loses_its_address(client, section):
    draft = a_story(section, "Kanareika flies", live=False)
    open_one = a_story(section, "Open")
    story = a_story(
        section,
        body=f'<p><a linktype="page" id="{draft.pk}">first</a> '
        f'<a linktype="page" id="{open_one.pk}">second</a> '
        '<a linktype="page" id="999999">third</a> <a linktype="page">fourth</a></p>',
    )
    page = client.get(story.url).content.decode()
    assert "kanareika" not in page.lower()
    assert "first" in page
    assert f'<a href="{open_one.url}">second</a>' in page
    draft.first_published_at = timezone.now() - datetime.timedelta(days=1)
    draft.save_revision().publish()
    assert draft.url in client.get(story.url).content.decode()


def test_a_picture_is_public_while_a_story_shows_it(client, section):
    lead, inside, waiting = a_picture(), a_picture(), a_picture()
    block = {"picture": inside, "caption": "", "credit": ""}
    story = a_story(section, lead_picture=lead, body=[("picture", block)], live=False)
    files = {picture: f"/media/{picture.files()[-1]}" for picture in (lead, inside, waiting)}

    def public():
        answers = [client.get(file) for file in files.values()]
        for answer in answers:
            answer.close()
        return [answer.status_code for answer in answers]

    assert public() == [404, 404, 404]
    story.save_revision().publish()
    assert public() == [200, 200, 404]
    # A draft that exchanges them shows nothing yet and hides nothing yet.
    story = StoryPage.objects.get(pk=story.pk)
    story.lead_picture = waiting
    story.body = []
    story.save_revision()
    assert public() == [200, 200, 404]
    story.get_latest_revision().publish()
    assert public() == [404, 404, 200]
    StoryPage.objects.get(pk=story.pk).unpublish()
    assert public() == [404, 404, 404]


def test_masters_are_never_handed_to_readers(client, section):
    picture = a_picture()
    a_story(section, lead_picture=picture)
    assert client.get(f"/media/{picture.file.name}").status_code == 404
