"""Nobody is endangered by a coverage: a protected name is nowhere in it, what is down is down."""

from __future__ import annotations

import uuid

import pytest
from wagtail.models import Revision

from nightdesk.audit.content import differs_from_version, watched
from nightdesk.coverage import actions
from nightdesk.coverage.models import Coverage, Entry, EntryCorrection
from nightdesk.people.models import Author, Desk
from nightdesk.people.protecting.actions import Order, protect
from nightdesk.takedown import kinds
from nightdesk.takedown.actions import lift, take_down
from nightdesk.takedown.models import Takedown
from tests.coverage.making import a_coverage, an_entry

pytestmark = pytest.mark.django_db

NAME = "Oksana Petrenko"


def by_form(language: str, desk: Desk, author: Author) -> tuple[Coverage, Entry]:
    coverage = a_coverage(
        f"{NAME} and the river",
        language,
        standfirst=f"By {NAME}.",
        summary=f"<p><b>{NAME}</b> is there.</p>",
        signed_by=[author],
    )
    entry = an_entry(
        coverage, f"{NAME} saw it.", headline=NAME, source=NAME, authors=[author, desk]
    )
    key = uuid.uuid4()
    actions.correct_entry(entry.pk, text=f"{NAME} heard it.", note=f"{NAME} erred.", key=key)
    return coverage, entry


def test_a_protected_name_is_nowhere_in_coverage(
    newsroom,
    data,
    django_capture_on_commit_callbacks,
    client,
):
    desk = Desk.objects.create(name="News desk", slug="news-desk", locale=newsroom.locale)
    author = Author.objects.create(name=NAME, slug="oksana", locale=newsroom.locale)
    english, _entry = by_form("en", desk, author)
    by_form("uk", desk, author)
    old = english.get_absolute_url()
    with django_capture_on_commit_callbacks(execute=True):
        protect(Order(author, desk))
    for coverage in Coverage.objects.all():
        assert coverage.signed_by == [desk] and "petrenko" not in coverage.slug
        words = [coverage.headline, coverage.standfirst, coverage.summary]
        assert not any(NAME in part for part in words) and "News desk" in coverage.headline
    for entry in Entry.objects.all():
        assert entry.signed_by == [desk]
        assert not any(NAME in part for part in (entry.text, entry.headline, entry.source))
    assert not any(NAME in row.words for row in EntryCorrection.objects.all())
    for revision in Revision.objects.all():
        assert NAME not in str(revision.content) + revision.object_str
        assert f"'author': {author.pk}," not in str(revision.content)
    english.refresh_from_db()
    assert english.get_absolute_url() != old and client.get(old).status_code == 404
    for row in [*Coverage.objects.all(), *Entry.objects.all()]:
        assert differs_from_version(watched(type(row)), row, row.live_revision) == []


def test_an_update_that_is_taken_down_is_gone_everywhere_and_told_as_withdrawn(
    newsroom,
    data,
    client,
):
    coverage = a_coverage()
    entry = an_entry(coverage, "Kanareika.")
    kind = kinds.named("update")
    assert kinds.find(entry.own_url) == (kind, entry)
    take_down(kind, entry, reason="By order.", name="somebody")
    said = client.get(coverage.live_url).json()
    assert [row["id"] for row in said["withdrawn"]] == [entry.item_id] and said["items"] == []
    for url in (coverage.get_absolute_url(), coverage.feed_url, coverage.live_url, entry.own_url):
        assert "Kanareika" not in client.get(url).content.decode()
    entry.refresh_from_db()
    assert entry.is_withdrawn and entry.text == "Kanareika."


def test_a_coverage_that_is_taken_down_takes_all_of_its_addresses_down(
    newsroom,
    data,
    client,
):
    coverage = a_coverage()
    entries = [an_entry(coverage, f"Update {number}.") for number in range(3)]
    kind = kinds.named("coverage")
    page = coverage.get_absolute_url()
    assert kinds.find(page) == (kind, coverage)
    take_down(kind, coverage, reason="By order.", name="somebody")
    down = set(Takedown.objects.get().paths)
    wanted = {page, coverage.live_url, *(f"{page}{name}" for name in ("rss.xml", "feed.json"))}
    assert wanted | {entry.own_url for entry in entries} <= down
    assert client.get(page).status_code in (404, 410)
    assert not Coverage.objects.get().live
    lift(Takedown.objects.get(), name="somebody")
    Coverage.objects.get().get_latest_revision().publish()
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("model", [Coverage, Entry])
def test_what_is_out_is_what_was_approved_after_every_verb(newsroom, model):
    author = Author.objects.create(name="Ada", slug="ada", locale=newsroom.locale)
    coverage = a_coverage(signed_by=[author])
    entry = an_entry(coverage, "Six.", authors=[author])
    actions.correct_entry(entry.pk, text="Five.", note="Five.", key=uuid.uuid4())
    actions.pin_entry(entry.pk, True)
    actions.mark_key(entry.pk, True)
    actions.end_coverage(coverage.pk)
    row = model.objects.get()
    assert differs_from_version(watched(model), row, row.live_revision) == []
    model.objects.filter(pk=row.pk).update(headline="Forged")
    assert differs_from_version(watched(model), model.objects.get(), row.live_revision) == [
        "headline"
    ]
