"""The live document of a coverage: what pages that are open learn, and that it is no page."""

from __future__ import annotations

import datetime
import re
import uuid

import pytest
from django.utils import timezone

from nightdesk.briefs.actions import correct_brief, send_brief
from nightdesk.coverage import actions
from nightdesk.coverage.models import Coverage, Entry
from tests.coverage.making import a_coverage, an_entry

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def coverage(newsroom):
    return a_coverage(at=timezone.now() - 9 * HOUR)


def document(client, coverage: Coverage) -> dict:
    return client.get(coverage.live_url).json()


def test_a_page_and_its_document_show_the_very_same_rows(client, coverage):
    for number in range(3):
        an_entry(coverage, f"Update {number}.")
    page = client.get(coverage.get_absolute_url()).content.decode()
    items = document(client, coverage)["items"]
    assert len(items) == 3 and all(item["html"] in page for item in items)
    assert f'<nd-live src="{coverage.live_url}" events="/events{coverage.live_url}"' in page
    assert "data-live-more" in page and 'role="status"' in page


def test_an_old_update_that_was_corrected_is_in_it_again(client, coverage):
    old = an_entry(coverage, "Six.")
    Entry.objects.filter(pk=old.pk).update(published_at=timezone.now() - 8 * HOUR)
    for number in range(25):
        an_entry(coverage, f"Update {number}.")
    assert old.item_id not in {item["id"] for item in document(client, coverage)["items"]}
    actions.correct_entry(old.pk, text="Five.", note="It were five.", key=uuid.uuid4())
    items = {item["id"]: item for item in document(client, coverage)["items"]}
    assert len(items) == 21 and "It were five." in items[old.item_id]["html"]
    assert "data-correction" in items[old.item_id]["html"]


def test_what_was_withdrawn_is_told_with_its_time_and_no_word_of_it(client, coverage):
    entry = an_entry(coverage, "Kanareika.")
    actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    said = document(client, coverage)
    assert said["items"] == [] and [row["id"] for row in said["withdrawn"]] == [entry.item_id]
    assert "withdrawn at" in said["withdrawn"][0]["html"] and "Kanareika" not in str(said)
    actions.publish_entry(entry.pk)
    said = document(client, coverage)
    assert said["withdrawn"] == [] and said["items"][0]["id"] == entry.item_id


def test_a_draft_was_never_there_so_it_is_not_withdrawn(client, coverage):
    entry = an_entry(coverage, publish=False)
    actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    said = document(client, coverage)
    assert said["withdrawn"] == [] and said["items"] == []


def test_a_correction_in_the_news_feed_reaches_who_reads_the_coverage(client, coverage):
    brief, _new = send_brief(uuid.uuid4(), "en", "Six.")
    entry = actions.take_in(coverage.pk, brief.pk)
    before = document(client, coverage)
    correct_brief(brief.pk, text="Five.", note="It were five.", key=uuid.uuid4())
    after = document(client, coverage)
    assert after["seq"] != before["seq"] and after["items"][0]["id"] == entry.item_id
    assert "It were five." in after["items"][0]["html"]


def test_the_end_is_in_it(client, coverage):
    assert document(client, coverage)["ended"] is False
    actions.end_coverage(coverage.pk)
    assert document(client, coverage)["ended"] is True


def test_it_is_kept_out_of_search_engines_and_says_what_kind_it_is(client, coverage):
    answer = client.get(coverage.live_url)
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Type"] == "application/json"
    assert not re.search(r"Cookie", answer.headers.get("Vary", ""))
