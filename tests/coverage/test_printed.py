"""What the press prints anew when something happens in a coverage, and what it leaves alone."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable

import pytest
import time_machine

from nightdesk.briefs.actions import correct_brief, send_brief, withdraw_brief
from nightdesk.coverage import actions, lists, rows
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.people.models import Author, Desk
from nightdesk.press import pages
from nightdesk.stories.models import Topic
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_story
from tests.press.test_changes import (
    START,
    Told,
    capture_on_commit,
    is_full_look,
    missed,
    not_known_as_old,
)
from tests.press.test_narrow import stale
from tests.press.whole import Seen, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def long_one(newsroom, monkeypatch):
    """A coverage of three short pages, the newest update an hour old, and a short document."""
    monkeypatch.setattr(lists, "LENGTH", 4)
    monkeypatch.setattr(lists, "one_in_six", lambda pk: pk % 4 == 0)
    monkeypatch.setattr(rows, "NEWEST", 5)
    with time_machine.travel(START, tick=False) as clock:
        coverage = a_coverage("The flood", at=START)
        for number in range(14):
            clock.shift(MINUTE)
            an_entry(coverage, f"Update {number}.")
        clock.shift(60 * MINUTE)
        yield coverage


def about_coverage(
    shop: Shop, also: Iterable[str] = (), same: dict[str, Seen] | None = None
) -> dict[str, Seen]:
    """Every page that can say something of a coverage, in English."""
    parts = ("/coverage/", "/authors/", "/desks/")
    waiting = {path for _kind, path in pages.all_paths() if path.startswith(parts)} | set(also)
    waiting |= {"/coverage/", "/corrections/", "/sitemaps/pages.xml", "fragment:live-now:en"}
    return shop.walk(waiting, same, lambda link: link.startswith(parts))


def is_page(path: str) -> bool:
    return not path.endswith((".xml", ".json", "/live/")) and not path.startswith("fragment:")


def test_a_new_update_prints_two_pages_its_document_and_its_feeds(long_one, monkeypatch):
    before = about_coverage(Shop(monkeypatch))
    url = long_one.get_absolute_url()
    # Where one page ends and the next begins hangs on the numbers of the updates.
    assert sum(f"{url}before/" in path for path in before) in (2, 3)
    told = Told()
    entry = an_entry(long_one, "Just in.")
    told.look()
    assert told.urgent == {entry.own_url}
    found = stale(before, told)
    assert {path for path in found if is_page(path)} == {url}
    feeds = {f"{url}{name}" for name in ("rss.xml", "atom.xml", "feed.json")}
    assert found == {url, long_one.live_url, *feeds}


def test_a_brief_of_something_else_leaves_coverage_alone(long_one, monkeypatch):
    before = about_coverage(Shop(monkeypatch))
    told = Told()
    send_brief(uuid.uuid4(), "en", "Something else.")
    told.look()
    assert not {path for path in stale(before, told) if "/coverage/" in path}


@pytest.mark.fault
def test_nothing_that_is_done_leaves_an_old_page_behind(newsroom, section, long_one, monkeypatch):
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)
    story = a_story(section, topics=[topic])
    author = Author.objects.create(name="Ada", slug="ada", locale=newsroom.locale)
    desk = Desk.objects.create(name="Night", slug="night", locale=newsroom.locale)
    entries = list(Entry.objects.order_by("-published_at"))
    brief = send_brief(uuid.uuid4(), "en", "A brief.")[0]
    key = uuid.uuid4

    def cover_the_topic():
        coverage = Coverage.objects.get(pk=long_one.pk)
        coverage.topics, coverage.takes_briefs = [topic], True
        coverage.save_revision().publish()

    def publish_brief():
        brief.refresh_from_db()
        brief.get_latest_revision().publish()

    def change_slug(slug="another"):
        coverage = Coverage.objects.get(pk=long_one.pk)
        coverage.slug = slug
        coverage.save_revision().publish()

    steps = {
        "send": lambda: an_entry(long_one, "New.", authors=[author], story=story),
        "draft": lambda: an_entry(long_one, "Draft.", publish=False),
        "later": lambda: an_entry(long_one, "Later.", at=START + 600 * MINUTE),
        "correct the newest": lambda: actions.correct_entry(
            entries[0].pk, text="Other.", note="Wrong.", key=key()
        ),
        "correct an old one": lambda: actions.correct_entry(
            entries[11].pk, text="Other.", note="Wrong.", key=key()
        ),
        "a slip": lambda: actions.correct_entry(entries[6].pk, text="Slip.", key=key()),
        "pin": lambda: actions.pin_entry(entries[12].pk, True),
        "mark": lambda: actions.mark_key(entries[10].pk, True),
        "withdraw": lambda: actions.withdraw_entry(entries[1].pk, key=key()),
        "withdraw an old one": lambda: actions.withdraw_entry(entries[13].pk, key=key()),
        "publish it again": lambda: actions.publish_entry(entries[1].pk),
        "take in": lambda: actions.take_in(long_one.pk, brief.pk),
        "correct the brief": lambda: correct_brief(
            brief.pk, text="Corrected brief.", note="It was wrong.", key=key()
        ),
        "withdraw the brief": lambda: withdraw_brief(brief.pk, key=key()),
        "publish the brief": publish_brief,
        "withdraw the story": lambda: story.unpublish(),
        "cover the topic": cover_the_topic,
        "sign": lambda: an_entry(long_one, "Signed.", authors=[desk]),
        "rename": lambda: Author.objects.get(pk=author.pk).delete(),
        "end": lambda: actions.end_coverage(long_one.pk),
        "reopen": lambda: actions.reopen_coverage(long_one.pk),
        "another address": change_slug,
        "a third address": lambda: change_slug("third"),
        "and back": lambda: change_slug("the-flood"),
        "withdraw for a while": lambda: Coverage.objects.get(pk=long_one.pk).unpublish(),
        "publish again": lambda: change_slug("the-flood"),
        "withdraw all": lambda: Coverage.objects.get(pk=long_one.pk).unpublish(),
    }
    shop, told, wrong = Shop(monkeypatch), Told(), {}
    before = about_coverage(shop)
    with time_machine.travel(START + 200 * MINUTE, tick=False) as clock:
        for number, (name, step) in enumerate(steps.items()):
            clock.shift(MINUTE)
            with capture_on_commit():
                step()
            told.look()
            seen = {path for path, old in before.items() if old.text is not None}
            full = is_full_look(number, len(steps))
            after = about_coverage(shop, seen, {} if full else not_known_as_old(before, told))
            problem = missed(before, after, told)
            # Nobody has a new address of what was withdrawn before, or of what is a brief.
            wrong |= {
                f"{name}: {path}": said
                for path, said in problem.items()
                if path in before or not after[path].text.startswith((b"410", b"302"))
            }
            before = after
    assert not wrong, json.dumps(wrong, indent=1)
    assert not shop.undeclared, json.dumps(shop.undeclared, indent=1)
    left = {path: seen.text for path, seen in before.items() if "/coverage/" in path and seen.text}
    # Without its slash, an address leads to the same with one, where nothing is.
    to_itself = [path for path, text in left.items() if f"'{path}/'".encode() in text]
    assert left.keys() - set(to_itself) == {"/coverage/"}, left


def test_all_of_a_coverage_that_is_withdrawn_goes_at_once(long_one, monkeypatch):
    before = about_coverage(Shop(monkeypatch))
    url = long_one.get_absolute_url()
    below = {path for path, seen in before.items() if path.startswith(url) and seen.text}
    told = Told()
    Coverage.objects.get(pk=long_one.pk).unpublish()
    told.look()
    older = {path for path in below if "/before/" in path}
    assert len(below) > 14 and below - told.gone == older
    assert older <= stale(before, told)


def test_only_the_first_and_the_last_update_of_a_coverage_change_the_sitemap(newsroom, monkeypatch):
    coverage = a_coverage("The flood")
    pages_xml = "/sitemaps/pages.xml"

    def tells(change) -> bool:
        seen, told = Shop(monkeypatch).see(pages_xml), Told()
        done = change()
        told.look()
        return bool(seen.keys & told.keys), done

    told, first = tells(lambda: an_entry(coverage, "First."))
    assert told
    told, second = tells(lambda: an_entry(coverage, "Second."))
    assert not told
    told, _ = tells(lambda: actions.withdraw_entry(second.pk, key=uuid.uuid4()))
    assert not told
    told, _ = tells(lambda: actions.withdraw_entry(first.pk, key=uuid.uuid4()))
    assert told


def test_a_correction_prints_the_list_of_corrections_and_a_new_update_does_not(
    long_one, monkeypatch
):
    listed = Shop(monkeypatch).see("/corrections/")
    told = Told()
    entry = an_entry(long_one, "Just in.")
    told.look()
    assert not listed.keys & told.keys
    actions.correct_entry(entry.pk, text="Otherwise.", note="Wrong.", key=uuid.uuid4())
    told.look()
    assert listed.keys & told.keys
