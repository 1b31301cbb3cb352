"""A demo fills an open newsroom once, in both languages, and leaves it as it found it."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.coverage import lists
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.demo.load import load
from nightdesk.demo.remove import remove
from nightdesk.fronts.actions import open_newsroom
from nightdesk.fronts.models import EditorsPicks, HomePage
from nightdesk.media.models import Picture
from nightdesk.newsletters.models import Newsletter
from nightdesk.people.models import Author, Desk, User
from nightdesk.stories.models import SectionPage, StoryPage, Topic
from tests.making import a_story

pytestmark = pytest.mark.django_db

THINGS = (StoryPage, SectionPage, Brief, Coverage, Entry, Author, Desk, Topic, Newsletter, Picture)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once for all tests here; what they change is undone after each."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        open_newsroom("The Kestrow Courier", ["en", "uk"], "News")
        load()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def demo(loaded, db):
    return HomePage.objects.get(locale__language_code="en")


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in THINGS}


def stories(language: str) -> dict[str, StoryPage]:
    found = StoryPage.objects.filter(locale__language_code=language).live()
    return {story.slug: story for story in found}


def test_everything_written_is_published(demo, english, ukrainian):
    assert set(stories("en")) == set(english.stories)
    assert set(stories("uk")) == set(ukrainian.stories)
    assert Brief.readable("en").count() == len(english.briefs)
    assert Brief.readable("uk").count() == len(ukrainian.briefs)
    assert Newsletter.offered_in("en").count() == Newsletter.offered_in("uk").count() == 3
    assert all(author.portrait for author in Author.objects.all())


def test_stories_carry_their_own_dates(demo, english):
    newest = max(english.stories.values(), key=lambda story: story.published)
    for slug, story in stories("en").items():
        written = english.stories[slug]
        age = stories("en")[newest.slug].first_published_at - story.first_published_at
        assert abs((age - (newest.published - written.published)).total_seconds()) < 5, slug
        assert bool(story.updated_at) == bool(written.updated), slug
    assert {story.reading_minutes for story in stories("en").values()} >= {1, 2, 3}


def test_links_and_cards_inside_stories_lead_to_stories(demo, english):
    here = {story.pk for story in StoryPage.objects.live()}
    for slug, story in stories("en").items():
        source = "".join(block.value.source for block in story.body if block.block_type == "text")
        ids = re.findall(r'<a linktype="page" id="(\d+)">', source)
        assert "<a>" not in source and "story:" not in source
        assert {int(pk) for pk in ids} <= here
        cards = sum(type(block).__name__ == "Related" for block in english.stories[slug].body)
        assert sum(part.card is not None for part in story.parts) == cards, slug


def test_ukrainian_stories_are_translations_of_the_english_ones(demo):
    english = stories("en")
    for slug, story in stories("uk").items():
        assert story.get_translation(Locale.objects.get(language_code="en")).pk == english[slug].pk
        assert story.url.startswith("/uk/") or "/uk/" in story.full_url


def test_a_picture_speaks_the_language_of_the_story_it_stands_in(demo, ukrainian):
    for slug, story in stories("uk").items():
        drawn = ukrainian.pictures[ukrainian.stories[slug].picture]
        picture = story.lead_picture
        assert (picture.alt, story.shown_caption) == (drawn.alt, drawn.caption)
        assert picture.credit == drawn.credit
        assert all(default_storage.exists(name) for name in [*picture.files(), picture.file.name])


def test_front_and_picks_show_what_the_demo_chose(demo, english):
    home = HomePage.objects.get(locale__language_code="en")
    layout = home.layout()
    top = [layout["lead"].slug, *(story.slug for story in layout["seconds"])]
    assert top == list(english.top[:3])
    shown = EditorsPicks.shown("en")
    assert [story.slug for story in shown] == list(english.picks)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_one_story_was_corrected_and_shows_what_changed(demo, client, language):
    story = stories(language)["lantern-bridge-closed-to-trams"]
    first, second = story.versions.order_by("number")
    assert (first.at, second.at) == (story.first_published_at, story.updated_at)
    assert story.corrections.get().at == story.updated_at
    page = client.get(f"{story.url}changes/").content.decode()
    assert re.search("<del>.*85", page)
    assert re.search("<ins>.*58", page)


def test_the_flood_is_covered_as_it_happens(demo, english, ukrainian):
    for edition in (english, ukrainian):
        coverage = Coverage.under_way(edition.language)[0]
        entries = lists.page(coverage).items
        assert len(entries) == len(edition.coverage[0].entries) and coverage.signed_by
        assert len(lists.pinned(coverage)) == 1 and lists.key_entries(coverage)
        assert any(entry.brief for entry in entries)
    corrected = [row for entry in Entry.objects.all() for row in entry.corrections_in_order]
    assert len(corrected) == 1
    one, other = Coverage.objects.order_by("pk")
    assert one.translation_key == other.translation_key and one.locale != other.locale


def test_a_coverage_that_an_editor_wrote_in_stays_until_asked_for(demo):
    entry = Entry.objects.filter(brief=None).first()
    editor = User.objects.create_superuser("editor", password="night-desk")
    entry.save_revision(user=editor).publish()
    assert "1 of the demo's" in "\n".join(remove())
    assert Coverage.objects.get() == entry.coverage
    remove(edited=True)
    assert set(counts().values()) == {0}


def test_a_reader_can_open_every_page_of_it(demo, client):
    addresses = [story.url for story in StoryPage.objects.live()]
    addresses += [section.url for section in SectionPage.objects.live()]
    addresses += [
        home.url for home in HomePage.objects.filter(locale__language_code__in=["en", "uk"])
    ]
    addresses += [entry.get_absolute_url() for entry in Entry.objects.all()]
    for model in (Author, Desk, Topic, Coverage):
        addresses += [thing.get_absolute_url() for thing in model.objects.all()]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        assert " style=" not in page, address
        assert "story:" not in page and "{day" not in page, address


def test_loaded_twice_is_loaded_once(demo):
    before = counts()
    assert load() == 0
    assert counts() == before


def test_removed_it_leaves_nothing(demo):
    lines = remove()
    assert lines[0].startswith("Removed: 36 stories")
    assert set(counts().values()) == {0}
    assert HomePage.objects.filter(locale__language_code="en").exists()
    assert remove()[0] == "There is nothing of the demo here."


def test_removed_and_loaded_again_it_is_all_there(demo):
    before = counts()
    remove()
    load()
    assert counts() == before


def test_what_the_newsroom_wrote_stays_with_all_that_it_uses(demo):
    city = SectionPage.objects.get(slug="city", locale__language_code="en")
    author = Author.objects.get(slug="joren-pask", locale__language_code="en")
    topic = Topic.objects.get(slug="transport", locale__language_code="en")
    picture = Picture.objects.get(token="demotram")
    ours = a_story(city, "Ours", signed_by=[author], topics=[topic], lead_picture=picture)
    own_brief = Brief.objects.create(locale=city.locale, text="Our own.")
    said = "\n".join(remove())
    kept = StoryPage.objects.get()
    assert kept.pk == ours.pk
    assert kept.signed_by == [author]
    assert list(kept.topics.all()) == [topic]
    assert kept.lead_picture == picture
    assert Brief.objects.get() == own_brief
    for name in (city.title, author.name, topic.name, picture.title):
        assert name in said


def test_a_demo_story_that_an_editor_rewrote_stays_until_asked_for(demo):
    story = stories("en")["tram-line-nine"]
    editor = User.objects.create_user("editor", password="night-desk")
    story.title = "Rewritten here"
    story.save_revision(user=editor).publish()
    assert "1 of the demo's stories, briefs and coverages stay" in "\n".join(remove())
    assert StoryPage.objects.get().title == "Rewritten here"
    remove(edited=True)
    assert set(counts().values()) == {0}
