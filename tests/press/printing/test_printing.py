"""What readers get once the press has worked."""

from __future__ import annotations

import datetime
import json
import uuid

import pytest
import time_machine
from django.test import TestCase
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction

from nightdesk.briefs.actions import send_brief, withdraw_brief
from nightdesk.briefs.models import Brief
from nightdesk.press import fragments, outbox, tree
from nightdesk.press.printing.loop import EVERYTHING
from nightdesk.press.printing.printer import CannotPrintError
from nightdesk.press.shelf.format import sqlite3
from nightdesk.stories.models import StoryPage
from nightdesk.theme.assets import asset
from tests.making import a_brief, a_story
from tests.press.printing.conftest import OwnPress


def edit(page: Page, **fields: object) -> Page:
    """Change a page and publish it, as the admin does."""
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def test_everything_public_stands_on_the_shelf(press, reader):
    assert press.shelf.state()["complete"]
    assert press.shelf.state()["trouble"] == {}
    paths = ["/", "/uk/", "/news/", "/news-feed/", "/robots.txt", "/sitemap.xml"]
    for path in [*paths, asset("css/nightdesk.css").url]:
        assert reader.status(path) == 200, path


def test_a_missing_page_has_ready_words_in_each_language(press, reader):
    status, text = reader.get("error:404:uk")
    assert status == 404
    assert 'lang="uk"' in text and "canonical" not in text


def test_a_published_story_stands_on_its_page_its_section_and_the_home_page(press, reader, section):
    story = StoryPage(title="The gates closed", locale=section.locale)
    section.add_child(instance=story)
    story.save_revision().publish()
    press.run_dry()
    assert "The gates closed" in reader.text("/news/the-gates-closed/")
    assert "The gates closed" in reader.text("/news/")
    assert "The gates closed" in reader.text("/")


def test_the_page_that_an_editor_waits_for_is_printed_first(press, reader, section):
    story = a_story(section, "Waiting")
    press.run_dry()
    outbox.note(keys=[EVERYTHING])
    press.step()
    edit(story, title="Read me first")
    press.step()
    assert "Read me first" in reader.text(story.url)
    assert press.shelf.state()["stale"] > 10


def test_a_brief_changes_the_fragment_and_no_story(press, reader, section, newsroom):
    story = a_story(section)
    press.run_dry()
    before = press.shelf.state()
    a_brief(newsroom.locale, "The river rose by a metre.")
    printed = []
    while (wanted := press.shelf.next()) or press.step():
        printed.append(wanted.path if wanted else "")
        if wanted:
            press.step()
    assert story.url not in printed
    assert "The river rose by a metre." in reader.text(story.url)
    assert before["missed"] == press.shelf.state()["missed"] == 0


def test_a_withdrawn_story_is_gone_before_anything_else_is_printed(press, reader, section):
    story = a_story(section, "Withdrawn")
    press.run_dry()
    outbox.note(keys=[EVERYTHING])
    press.step()
    story.unpublish()
    press.step()
    assert reader.status(story.url) == 0
    press.run_dry()
    assert reader.status(story.url) == 0
    assert "Withdrawn" not in reader.text("/") + reader.text("/news/")


@pytest.mark.parametrize("way", ["withdrawn", "deleted"])
def test_of_a_withdrawn_brief_readers_get_only_that_it_was_withdrawn(press, reader, newsroom, way):
    brief = a_brief(newsroom.locale, "Kanareika sings.")
    a_brief(newsroom.locale, "Another.")
    press.run_dry()
    lists = ["/", "/news-feed/", "/news-feed/live/", "/news-feed/rss.xml"]
    assert all("Kanareika" in reader.text(path) for path in lists)
    url = brief.get_absolute_url()
    if way == "withdrawn":
        withdraw_brief(brief.pk, key=uuid.uuid4())
    else:
        brief.delete()
    press.run_dry()
    status, text = reader.get(url)
    assert status == 410
    assert "This update was withdrawn on" in text
    assert not any("Kanareika" in reader.text(path) for path in [url, *lists])
    assert "was withdrawn at" in json.loads(reader.text("/news-feed/live/"))["withdrawn"][0]["html"]
    assert press.shelf.state()["missed"] == 0
    if way == "withdrawn":
        Brief.objects.get(pk=brief.pk).save_revision().publish()
        press.run_dry()
        assert reader.status(url) == 200
        assert json.loads(reader.text("/news-feed/live/"))["withdrawn"] == []


def test_the_live_document_is_printed_right_after_the_brief_itself(press, reader, newsroom):
    """Its readers are told as soon as it stands there, and it leads to the brief's own page."""
    brief, _new = send_brief(uuid.uuid4(), "en", "Just in.")
    press.step()
    assert reader.status(brief.get_absolute_url()) == 200
    printed = []
    while wanted := press.shelf.next():
        printed.append(wanted.path)
        press.step()
    assert "/news-feed/live/" in printed[:3]
    assert {path for path in printed if path.endswith("/")} == {"/news-feed/", "/news-feed/live/"}


def test_an_old_address_leads_to_the_new_one(press, reader, section):
    story = a_story(section, "Moving")
    press.run_dry()
    edit(story, slug="moved")
    Redirect.add_redirect("/news/moving", "/news/moved/")
    press.run_dry()
    assert reader.status("/news/moved/") == 200
    assert reader.status("/news/moving/") in (0, 301)


@pytest.mark.parametrize("below", [False, True], ids=["a story", "a section"])
def test_an_old_address_leads_on_however_fast_the_press_is(
    press, reader, section, monkeypatch, below
):
    """Wagtail makes its redirects after the commit, and the press works as soon as it is told:
    told before they are there, it would find nothing at the old address and forget it."""
    story = a_story(section, "Before", slug="before")
    press.run_dry()
    plain = outbox.note

    def noted_and_printed_at_once(*what: object) -> int | None:
        noted = plain(*what)
        press.run_dry()
        return noted

    changed = section if below else story
    with TestCase.captureOnCommitCallbacks() as after_the_commit:
        edit(changed, slug="after")
    press.run_dry()
    monkeypatch.setattr(outbox, "note", noted_and_printed_at_once)
    for told in after_the_commit:
        told()
    old, new = ("/news/before", "/after/before/") if below else ("/news/before", "/news/after/")
    assert "Before" in reader.text(new)
    assert reader.status(old) == reader.status(f"{old}/") == 301


def test_the_shelf_never_names_what_was_never_public(press, section):
    """An address is made of a headline's words: of a draft, its alias, or a story for some."""
    story = a_story(section, "Draft", slug="zorvex-draft", live=False)
    story.create_alias(update_slug="zorvex-alias")
    PageViewRestriction.objects.create(page=story, restriction_type="login")
    press.run_dry()
    named = "SELECT path FROM {} WHERE path LIKE '%zorvex%'"
    for table in ("dropped", "entry"):
        assert press.shelf.opened.execute(named.format(table)).fetchall() == [], table
    edit(story)
    with TestCase.captureOnCommitCallbacks(execute=True):
        edit(story, slug="renamed")
    press.run_dry()
    answered = named.format("entry") + " AND status != 0"
    assert press.shelf.opened.execute(answered).fetchall() == []


def test_addresses_in_other_alphabets_are_found_as_people_read_them(press, reader):
    home = Locale.objects.get(language_code="uk")
    section = StoryPage.objects.none() or None
    from nightdesk.stories.models import SectionPage

    front = press_home(home)
    section = front.add_child(instance=SectionPage(title="Місто", slug="місто", locale=home))
    a_story(section, "Міст", slug="міст")
    press.run_dry()
    assert reader.status("/uk/місто/") == 200
    assert reader.status("/uk/місто/міст/") == 200


def press_home(locale: Locale):
    from nightdesk.fronts.models import HomePage

    return HomePage.objects.get(locale=locale)


def test_nothing_is_stored_again_when_nothing_readers_see_has_changed(press, section):
    a_story(section)
    press.run_dry()
    everything = "SELECT path, seq FROM entry ORDER BY path"
    before = press.shelf.opened.execute(everything).fetchall()
    outbox.note(keys=[EVERYTHING])
    press.run_dry()
    assert press.shelf.opened.execute(everything).fetchall() == before


def test_a_change_during_the_print_of_a_page_is_printed_after_it(
    press, reader, section, monkeypatch
):
    """The page holds what was true when its printing began, and only for one step."""
    story = a_story(section, "Before")
    press.run_dry()
    plain = press._printer.print

    def slow(path: str):
        printed = plain(path)
        if path == story.url and StoryPage.objects.get(pk=story.pk).title == "Before":
            edit(story, title="Meanwhile")
        return printed

    monkeypatch.setattr(press._printer, "print", slow)
    outbox.note(urgent=[story.url])
    press.step()
    assert "Before" in reader.text(story.url)
    press.step()
    assert "Meanwhile" in reader.text(story.url)


def test_a_page_says_something_else_when_its_time_comes(press, reader, section, newsroom):
    from nightdesk.fronts.models import EditorsPicks, Pick

    story = a_story(section, "Picked for later")
    board = EditorsPicks.objects.get(locale=newsroom.locale)
    for number in range(8):
        a_story(section, f"Newer {number}", at=timezone.now())
    soon = timezone.now() + datetime.timedelta(minutes=5)
    Pick.objects.create(board=board, story=story, starts_at=soon)
    press.run_dry()
    assert "Picked for later" not in reader.text("fragment:editors-picks:en")
    with time_machine.travel(soon + datetime.timedelta(seconds=1)):
        press.run_dry()
    assert "Picked for later" in reader.text("fragment:editors-picks:en")
    assert press.shelf.state()["missed"] == 0


def test_a_page_that_cannot_be_printed_holds_up_no_other(press, reader, section, monkeypatch):
    good, bad = a_story(section, "Good"), a_story(section, "Bad")
    press.run_dry()
    plain = StoryPage.get_context

    def broken(self, request, *args, **kwargs):
        if self.pk == bad.pk:
            raise ValueError("the table has no rows")
        return plain(self, request, *args, **kwargs)

    monkeypatch.setattr(StoryPage, "get_context", broken)
    edit(bad, title="Worse")
    edit(good, title="Better")
    press.run_dry()
    assert "Better" in reader.text(good.url)
    assert "Bad" in reader.text(bad.url)
    trouble = press.shelf.state()["trouble"]
    assert list(trouble) == [bad.url] and "the table has no rows" in trouble[bad.url]

    monkeypatch.setattr(StoryPage, "get_context", plain)
    edit(bad, title="Mended")
    press.run_dry()
    assert "Mended" in reader.text(bad.url)
    assert press.shelf.state()["trouble"] == {}


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda response: response.set_cookie("reader", "1"), "cookie"),
        (lambda response: response.headers.__setitem__("Vary", "Cookie"), "cookies"),
        (lambda response: response.headers.__setitem__("Vary", "User-Agent"), "user-agent"),
        (lambda response: response.headers.__setitem__("Cache-Control", "private"), "not to be"),
        (lambda response: response.write(b'<input name="csrfmiddlewaretoken">'), "secret"),
        (lambda response: response.write(b" " * 17 * 1024 * 1024), "larger"),
    ],
)
def test_what_was_made_for_one_reader_is_never_stored(press, section, monkeypatch, spoil, why):
    plain = press._printer._application.get_response

    def spoiled(request):
        response = plain(request)
        spoil(response)
        return response

    monkeypatch.setattr(press._printer._application, "get_response", spoiled)
    with pytest.raises(CannotPrintError, match=why):
        press._printer.print("/news/")


def test_a_story_for_some_readers_is_left_to_the_site_and_is_no_trouble(press, reader, section):
    story = a_story(section, "For members")
    press.run_dry()
    assert reader.status(story.url) == 200
    restriction = PageViewRestriction.objects.create(
        page=story, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    press.run_dry()
    assert reader.status(story.url) == 0
    assert press.shelf.state()["trouble"] == {}
    assert list(press.shelf.paths()).count(story.url) == 0
    assert press.shelf.opened.execute(
        "SELECT count(*) FROM entry WHERE path = ?", (story.url,)
    ).fetchone() == (1,), "the newsstand must know that there is something to ask the site for"
    restriction.delete()
    press.run_dry()
    assert reader.status(story.url) == 200


def known(press) -> set[str]:
    return {path for (path,) in press.shelf.opened.execute("SELECT path FROM entry")}


def test_a_story_published_for_some_readers_alone_is_known_to_the_newsstand(
    press, reader, section, tmp_path
):
    """It was never public, so it was never printed; its readers must not be told that there is
    nothing. Neither by a press that prints everything anew."""
    story, draft = a_story(section, "For members", live=False), a_story(section, live=False)
    for page in (story, draft):
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    press.run_dry()
    assert not known(press) & {story.url, draft.url}
    story.save_revision().publish()
    press.run_dry()
    assert known(press) & {story.url, draft.url} == {story.url}
    assert reader.status(story.url) == 0
    press.shelf.throw_away()
    press.close()
    press = OwnPress(tmp_path)
    press.run_dry()
    assert known(press) & {story.url, draft.url} == {story.url}
    assert reader.status(story.url) == 0
    assert press.shelf.state()["trouble"] == {}
    press.close()


def test_everything_in_a_section_for_some_readers_is_known_to_the_newsstand(press, section):
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    press.run_dry()
    story = a_story(section, "For members")
    press.run_dry()
    assert {section.url, story.url} <= known(press)


def test_every_story_of_a_renamed_section_stands_at_its_new_address(
    press, reader, section, monkeypatch
):
    monkeypatch.setattr(tree, "_URGENT", 0)
    stories = [a_story(section, f"Number {number}") for number in range(3)]
    press.run_dry()
    section.slug = "renamed"
    section.save_revision().publish()
    press.wake.forget()
    press._take()
    assert press.shelf.meta("complete") == "0", "until then the site is asked for unknown addresses"
    press.run_dry()
    assert press.shelf.meta("complete") == "1"
    for story in stories:
        assert reader.status(f"/renamed/{story.slug}/") == 200


def test_another_release_keeps_the_old_pages_until_the_new_ones_are_there(
    press, reader, section, monkeypatch, tmp_path
):
    story = a_story(section, "Printed by yesterday's release")
    press.run_dry()
    old_style = asset("css/nightdesk.css").url
    press.close()
    monkeypatch.setattr("nightdesk.press.printing.loop.fingerprint", lambda: "tomorrow")
    press = OwnPress(tmp_path)
    press.step()
    assert reader.status(story.url) == 200
    assert press.shelf.state()["stale"] > 10
    assert not press.shelf.state()["complete"]
    press.run_dry()
    assert press.shelf.state()["complete"]
    assert press.shelf.meta("release") == "tomorrow"
    assert reader.status(old_style) == 200
    press.close()


def test_a_database_from_a_copy_is_printed_from_the_beginning(press, reader, section, tmp_path):
    from nightdesk.press.models import OutboxEntry

    story = a_story(section, "Not in the copy")
    press.run_dry()
    # As it was before the story: neither the story nor its entries of the outbox.
    cursor = press.shelf.cursor
    StoryPage.objects.filter(pk=story.pk).delete()
    OutboxEntry.objects.filter(pk__gt=cursor - 1).delete()
    press.close()
    press = OwnPress(tmp_path)
    press.run_dry()
    assert reader.status(story.url) == 0
    assert press.shelf.cursor == outbox.newest()
    press.close()


def test_a_newsroom_that_loses_its_shelf_prints_it_again(press, reader, tmp_path, section):
    story = a_story(section)
    press.run_dry()
    press.shelf.file.unlink()
    assert not press.is_on_its_shelf()
    press.close()
    press = OwnPress(tmp_path)
    press.run_dry()
    assert reader.status(story.url) == 200
    press.close()


def test_a_fragment_with_a_mistyped_name_is_trouble_not_an_empty_place():
    with pytest.raises(KeyError):
        fragments.must_know("new-feed")


def test_what_is_read_most_is_printed_first(press, section, tmp_path):
    much, little = a_story(section, "Read by many"), a_story(section, "Read by few")
    press.run_dry()
    (tmp_path / "heat.json").write_text(json.dumps({much.url: 900.0, little.url: 2.0}))
    press._next_warming = 0.0
    outbox.note(keys=[EVERYTHING])
    press.step()
    stories = "SELECT path FROM entry WHERE kind = 'story' AND stale ORDER BY heat DESC, id DESC"
    waiting = [row[0] for row in press.shelf.opened.execute(stories)]
    assert waiting == [much.url, little.url]


def test_the_shelf_shows_exactly_what_the_site_would(press, reader, section, newsroom, client):
    """Fragments depend on their language alone: in their slots they are what the site puts in."""
    story = a_story(section, "The same either way")
    a_brief(newsroom.locale, "A brief beside it.")
    press.run_dry()
    for path in ("/", "/uk/", "/news/", story.url, "/news-feed/", "/newsletters/", "/archive/"):
        from_site = client.get(path, headers={"host": "127.0.0.1:8000"}).content.decode()
        assert reader.text(path) == from_site, path


def test_on_a_full_disk_the_old_pages_stay_and_the_press_goes_on_where_it_was(
    press, reader, section
):
    story = a_story(section, "Before the disk was full")
    press.run_dry()
    (pages,) = press.shelf.opened.execute("PRAGMA page_count").fetchone()
    press.shelf.opened.execute(f"PRAGMA max_page_count = {pages}")
    noise = " ".join(str(number * 7919) for number in range(60_000))
    edit(story, title="After the disk was full", body=[("text", f"<p>{noise}</p>")])
    with pytest.raises(sqlite3.OperationalError, match="full"):
        press.run_dry()
    assert "Before the disk was full" in reader.text(story.url)
    press.shelf.opened.execute("PRAGMA max_page_count = 1000000")
    press.run_dry()
    assert "After the disk was full" in reader.text(story.url)
