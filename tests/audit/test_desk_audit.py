"""Administrators read the audit in the admin, and take it away whole; so does the command line."""

from __future__ import annotations

import csv
import datetime
import io
import json

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from nightdesk.audit import chain
from nightdesk.audit.chain import Entry
from nightdesk.audit.command import audit_command
from nightdesk.kernel.frozen import is_frozen
from nightdesk.run import site_checks
from tests.making import a_story

from .conftest import by_hand, in_the_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(begun, signed_in):
    return signed_in("administrator")


def write(count, **fields):
    with chain.writing() as book:
        for number in range(count):
            book.append(
                Entry(chain.now(), **{"action": "wagtail.lock", "label": f"№ {number}", **fields})
            )


def page(keeper, **asked):
    return keeper.get(reverse("audit_report"), asked).content.decode()


def test_the_newest_is_first_and_older_ones_are_a_page_away(keeper):
    write(60)
    first = page(keeper)
    assert first.index("№ 59") < first.index("№ 20")
    assert "№ 5<" not in first
    before = first.partition("before=")[2].partition('"')[0]
    assert "№ 5<" in page(keeper, before=before)


def test_entries_are_found_by_person_and_by_action(keeper):
    write(1, name="olena", label="hers")
    write(1, name="taras", label="his")
    write(1, name="olena", action="wagtail.unlock", label="hers later")
    assert "his" not in page(keeper, person="olena").partition("<tbody>")[2]
    found = page(keeper, person="olena", action="wagtail.unlock").partition("<tbody>")[2]
    assert "hers later" in found and ">hers<" not in found


def test_the_page_says_that_all_is_well_or_what_is_not(keeper, section):
    assert "live pages and briefs are what was published" in page(keeper)
    by_hand("UPDATE wagtailcore_page SET title = 'Fakes' WHERE id = %s", section.pk)
    assert audit_command(["check"]) == 1
    assert "It differs in: title." in page(keeper)


def test_the_export_holds_everything(keeper):
    write(3, label="=1+1")
    answer = keeper.get(reverse("audit_export"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == json.loads(lines[-1])["seq"]
    table = b"".join(keeper.get(reverse("audit_export"), {"format": "csv"}).streaming_content)
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert len(rows) == len(lines)
    assert rows[-1]["label"] == "'=1+1"


def test_the_menu_of_reports_leads_there(keeper):
    assert f'"{reverse("audit_report")}"' in keeper.get("/admin/").content.decode()


def test_the_commands_say_how_it_stands(begun, section, capsys, tmp_path):
    assert audit_command(["verify"]) == 0
    assert "unbroken since" in capsys.readouterr().out
    assert audit_command(["check"]) == 0
    assert "all of them are as they were published" in capsys.readouterr().out
    assert audit_command(["export", str(tmp_path / "a.jsonl")]) == 0
    assert (tmp_path / "a.jsonl").read_text().count("\n") == chain.verify().seq
    by_hand("UPDATE wagtailcore_page SET title = 'Fakes' WHERE id = %s", section.pk)
    assert audit_command(["check"]) == 1
    assert f"page:{section.pk}" in capsys.readouterr().out
    assert audit_command(["accept", f"page:{section.pk}", "--reason", "a drill"]) == 0
    assert audit_command(["check"]) == 0
    capsys.readouterr()
    assert audit_command(["accept", "page:0", "--reason", "a drill"]) == 1
    in_the_file("UPDATE entry SET label = 'x' WHERE seq = 2")
    assert audit_command(["verify"]) == 1
    assert "Broken: entry 2 was altered" in capsys.readouterr().out


def test_the_doctor_says_how_the_audit_stands(begun, section):
    assert [found.level for found in site_checks.audit()] == ["ok"]
    a_story(section)
    (begun / "audit.db").write_bytes(b"not a database" * 1000)
    assert [found.level for found in site_checks.audit()] == ["problem"]


def test_it_is_handed_out_and_the_button_works_on_a_recent_proof_only(keeper, begun):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=20)):
        assert "Show that it is you" in keeper.get(reverse("audit_export")).content.decode()
        sent = {"sure": "yes", "reason": "x"}
        asked = keeper.post(reverse("audit_freeze"), sent).content.decode()
        assert "Show that it is you" in asked
        assert not is_frozen(begun)
