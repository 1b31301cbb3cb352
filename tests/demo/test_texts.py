"""The demo reads like a paper: whole, linked, well set, and about nobody real."""

from __future__ import annotations

import datetime
import re

import pytest

from nightdesk.demo import markup, script
from nightdesk.kernel.text import count_words, plain

from .conftest import NOW

#: Names that would tie the invented country to a real one. Whole words only.
REAL = [
    "Africa",
    "America",
    "American",
    "Amsterdam",
    "Asia",
    "Athens",
    "Australia",
    "Austria",
    "Beijing",
    "Belarus",
    "Belgium",
    "Berlin",
    "Biden",
    "Bloomberg",
    "Boeing",
    "Brazil",
    "Britain",
    "British",
    "Brussels",
    "Budapest",
    "Bulgaria",
    "Canada",
    "China",
    "Chinese",
    "Copenhagen",
    "Croatia",
    "Crimea",
    "Czech",
    "Denmark",
    "Donetsk",
    "Dublin",
    "Egypt",
    "England",
    "English",
    "Estonia",
    "Europe",
    "European",
    "Facebook",
    "Finland",
    "France",
    "French",
    "German",
    "Germany",
    "Google",
    "Greece",
    "Guardian",
    "Hamburg",
    "Helsinki",
    "Hungary",
    "India",
    "Intel",
    "Iran",
    "Iraq",
    "Ireland",
    "Israel",
    "Italy",
    "Japan",
    "Kharkiv",
    "Kremlin",
    "Kyiv",
    "Latvia",
    "Lisbon",
    "Lithuania",
    "London",
    "Lviv",
    "Madrid",
    "Mariupol",
    "Merkel",
    "Mexico",
    "Microsoft",
    "Milan",
    "Minsk",
    "Moldova",
    "Moscow",
    "Munich",
    "NATO",
    "Netherlands",
    "Norway",
    "Nvidia",
    "Odesa",
    "Oslo",
    "Paris",
    "Pentagon",
    "Poland",
    "Portugal",
    "Prague",
    "Putin",
    "Reuters",
    "Riga",
    "Romania",
    "Rome",
    "Russia",
    "Russian",
    "Samsung",
    "Serbia",
    "Slovakia",
    "Slovenia",
    "Spain",
    "Stockholm",
    "Stoltenberg",
    "Sweden",
    "Swiss",
    "Switzerland",
    "Tallinn",
    "Tesla",
    "Thames",
    "Tokyo",
    "Trump",
    "Turkey",
    "Twitter",
    "UEFA",
    "FIFA",
    "Ukraine",
    "Ukrainian",
    "Vienna",
    "Vilnius",
    "Warsaw",
    "Washington",
    "Zelensky",
    "Zurich",
    "Київ",
    "Україна",
    "Росія",
    "Москва",
    "Львів",
    "Європа",
    "Зеленський",
    "BBC",
    "CNN",
    "euro",
    "euros",
    "dollar",
    "dollars",
]


def words_of(story: script.Story) -> str:
    parts = [story.kicker, story.headline, story.standfirst, story.dateline, story.lead_caption]
    for block in story.body:
        for name in ("text", "html", "speaker", "role", "source", "title", "caption"):
            parts.append(plain(getattr(block, name, "") or ""))
        parts += [cell for row in getattr(block, "rows", ()) for cell in row]
    return "\n".join(parts)


def all_words(edition: script.Edition) -> str:
    texts = [edition.name, edition.tagline, *map(words_of, edition.stories.values())]
    texts += [f"{brief.headline}\n{brief.text}\n{brief.source}" for brief in edition.briefs]
    for told in edition.coverage:
        texts += [told.headline, told.standfirst, *told.summary]
        for entry in told.entries:
            said = entry.correction[0] if entry.correction else ""
            texts.append(f"{entry.headline}\n{entry.text}\n{entry.source}\n{said}")
    for named in (*edition.sections, *edition.topics, *edition.desks):
        texts += [named.name, named.about]
    for author in edition.authors:
        texts += [author.name, author.role, *author.bio]
    for letter in edition.newsletters:
        texts += [letter.name, letter.description, letter.schedule]
    for picture in edition.pictures.values():
        texts += [picture.title, picture.alt, picture.caption, picture.credit]
    return "\n".join(texts)


def test_the_paper_is_as_large_as_promised(english, ukrainian):
    assert len(english.stories) >= 30
    assert len(english.briefs) == 40
    assert len(english.authors) == 6
    assert len(english.desks) == 3
    assert len(english.sections) == 5
    assert 12 <= len(english.topics) <= 16
    assert len(english.newsletters) == len(ukrainian.newsletters) == 3
    assert len(english.picks) == 5
    assert len(ukrainian.stories) == 5


def test_it_has_every_kind_of_story_and_of_block(english):
    from nightdesk.stories.models import Kind

    kinds = {story.kind for story in english.stories.values()}
    assert kinds >= {"news", "analysis", "opinion", "interview", "explainer"}
    assert kinds <= set(Kind.values)
    blocks = {type(block) for story in english.stories.values() for block in story.body}
    assert blocks == set(markup.Block.__args__)


def test_every_story_is_long_enough_to_read_and_says_who_wrote_it(edition):
    people = {who.slug for who in (*edition.authors, *edition.desks)}
    for story in edition.stories.values():
        assert 150 <= count_words(words_of(story)) <= 1000, story.slug
        assert story.kicker and story.headline and story.standfirst, story.slug
        assert len(story.standfirst) <= 300 and len(story.headline) <= 110, story.slug
        assert story.bylines and set(story.bylines) <= people, story.slug


def test_every_link_card_picture_topic_and_section_leads_somewhere(edition):
    sections = {named.slug for named in edition.sections}
    topics = {named.slug for named in edition.topics}
    for story in edition.stories.values():
        assert story.section in sections
        assert story.topics and set(story.topics) <= topics, story.slug
        assert not story.picture or story.picture in edition.pictures, story.slug
        assert set(story.related) <= set(edition.stories) - {story.slug}, story.slug
        for block in story.body:
            linked = re.findall(r'href="([^"]*)"', getattr(block, "html", ""))
            assert all(link.startswith("story:") for link in linked), (story.slug, linked)
            assert {link.removeprefix("story:") for link in linked} <= set(edition.stories)
            if isinstance(block, markup.Related):
                assert block.slug in edition.stories, story.slug
            if isinstance(block, markup.PictureHere):
                assert block.slug in edition.pictures, story.slug
    for brief in edition.briefs:
        assert not brief.story or brief.story in edition.stories
        assert set(brief.topics) <= topics
    people = {who.slug for who in (*edition.authors, *edition.desks)}
    for told in edition.coverage:
        assert told.picture in edition.pictures and set(told.topics) <= topics
        for entry in told.entries:
            assert set(entry.bylines) <= people and bool(entry.text) != bool(entry.brief)
            assert not entry.story or entry.story in edition.stories, entry
            assert not entry.picture or entry.picture in edition.pictures, entry
            if entry.brief:
                assert entry.brief in {brief.headline for brief in edition.briefs}
    assert set(edition.top) | set(edition.picks) <= set(edition.stories)
    for author in edition.authors:
        assert author.portrait in edition.pictures
        assert author.desk in {desk.slug for desk in edition.desks}
    for letter in edition.newsletters:
        assert letter.picture in edition.pictures
        assert letter.host in {author.slug for author in edition.authors}


def test_no_topic_author_desk_or_section_is_empty(english):
    stories = english.stories.values()
    assert {slug for story in stories for slug in story.topics} == {t.slug for t in english.topics}
    assert {story.section for story in stories} == {s.slug for s in english.sections}
    signed = {slug for story in stories for slug in story.bylines}
    assert signed == {who.slug for who in (*english.authors, *english.desks)}


def test_no_body_shows_the_same_story_or_picture_twice(edition):
    for story in edition.stories.values():
        cards = [block.slug for block in story.body if isinstance(block, markup.Related)]
        pictures = [block.slug for block in story.body if isinstance(block, markup.PictureHere)]
        assert len(cards) == len(set(cards)) and story.slug not in cards, story.slug
        assert len({story.picture, *pictures}) == 1 + len(pictures), story.slug


def test_everything_is_published_before_now_and_the_last_hours_are_busy(edition, english):
    for thing in (*edition.stories.values(), *edition.briefs):
        assert NOW - datetime.timedelta(days=5) < thing.published < NOW
    for story in edition.stories.values():
        assert story.updated is None or story.published < story.updated < NOW, story.slug
    times = [brief.published for brief in english.briefs]
    assert times == sorted(times, reverse=True)
    assert sum(NOW - time < datetime.timedelta(hours=2) for time in times) >= 7
    assert NOW - times[-1] > datetime.timedelta(days=2)


def test_quotes_dashes_and_apostrophes_are_set_as_in_print(english, ukrainian):
    assert not re.findall(r"[^\n]{0,20}[\"'`][^\n]{0,20}", all_words(english))
    for text in (all_words(english), all_words(ukrainian)):
        assert not re.findall(r"[^\n]{0,20}(?: - |--|\.\.\.)[^\n]{0,20}", text)
        assert text.count("“") == text.count("”")
        assert text.count("«") == text.count("»")


def test_ukrainian_stories_are_in_ukrainian_with_its_own_quotes(ukrainian):
    for story in ukrainian.stories.values():
        text = words_of(story)
        assert not re.search(r"[ыэъёЫЭЪЁ]", text), story.slug
        assert not re.search(r"[A-Za-z]{3,}", text), story.slug
        assert "«" in text, story.slug


def test_nothing_real_is_named(edition):
    found = re.findall(rf"\b(?:{'|'.join(REAL)})\b", all_words(edition))
    assert not found


def test_no_date_is_left_open(edition):
    assert not re.search(r"[{}]", all_words(edition))


@pytest.mark.parametrize("things", ["sections", "topics", "desks", "authors", "newsletters"])
def test_a_ukrainian_thing_is_a_translation_of_an_english_one(english, ukrainian, things):
    ours = {thing.slug for thing in getattr(english, things)}
    assert {thing.slug for thing in getattr(ukrainian, things)} <= ours


def test_a_ukrainian_story_is_a_translation_of_an_english_one(english, ukrainian):
    for slug, story in ukrainian.stories.items():
        original = english.stories[slug]
        assert (story.section, story.kind, story.bylines) == (
            original.section,
            original.kind,
            original.bylines,
        )
