"""Coverage in the admin: who may do what, and two editors in one form."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.coverage.models import Coverage, Entry
from nightdesk.press import clock
from tests.coverage.making import a_coverage, an_entry
from tests.editing.conftest import Editor

pytestmark = pytest.mark.django_db

PUBLISH = {"action-publish": "action-publish"}


@pytest.fixture
def coverage(newsroom):
    return a_coverage()


@pytest.fixture
def olha(newsroom):
    return Editor("Olha", "editor")


def address(model: type, view: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(view), args=args)


def test_a_coverage_gets_an_address_from_its_headline_that_nobody_has(olha, coverage):
    add = address(Coverage, "add")
    for language in ("en", "uk"):
        locale = Locale.objects.get(language_code=language)
        typed = olha.form(f"{add}?locale={language}", headline=coverage.headline)
        assert olha.post(f"{add}?locale={language}", typed | PUBLISH).status_code == 302
        made = Coverage.objects.filter(locale=locale).latest("pk")
        assert made.live
        wanted = "the-river-rises-2" if language == "en" else "the-river-rises"
        assert made.slug == wanted


def test_an_update_is_timed_when_it_is_published_or_goes_out_at_its_time(olha, coverage):
    add = address(Entry, "add")
    form = olha.form(add, text="Now.")
    assert form["coverage"] == str(coverage.pk) and not form["published_at"]
    assert olha.post(add, form | PUBLISH).status_code == 302
    later = timezone.localtime() + datetime.timedelta(hours=3)
    typed = olha.form(add, text="Later.", published_at=f"{later:%Y-%m-%d %H:%M}")
    assert olha.post(add, typed | PUBLISH).status_code == 302
    assert list(Entry.readable(coverage).values_list("text", flat=True)) == ["Now."]
    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        clock.tick()
        assert Entry.readable(coverage).count() == 2


def test_the_second_of_two_editors_is_shown_what_differs(olha, coverage):
    petro, entry = Editor("Petro", "editor"), an_entry(coverage, "Six.")
    edit = address(Entry, "edit", entry.pk)
    his = petro.form(edit, text="Seven.")
    assert olha.post(edit, olha.form(edit, text="Five.") | PUBLISH).status_code == 302
    answer = petro.post(edit, his | PUBLISH)
    assert answer.status_code == 409 and "Seven." in answer.content.decode()
    assert Entry.objects.get().text == "Five."


def test_an_editor_ends_a_coverage_and_opens_it_again(olha, coverage):
    form = address(Coverage, "edit", coverage.pk)
    for name, ended in (("end_coverage", True), ("reopen_coverage", False)):
        url = reverse(name, args=[coverage.pk])
        assert url in olha.get(form).content.decode()
        assert olha.get(url).status_code == 200
        assert bool(Coverage.objects.get().ended_at) is not ended, "a look ends nothing"
        assert olha.post(url, follow=True).status_code == 200
        assert bool(Coverage.objects.get().ended_at) is ended


def test_a_reporter_writes_drafts_of_updates_and_no_more(newsroom, coverage):
    reporter, entry = Editor("Rita", "reporter"), an_entry(coverage, "Out.")
    add = address(Entry, "add")
    typed = reporter.form(add, text="Unconfirmed.")
    reporter.post(add, typed | PUBLISH)
    assert list(Entry.readable(coverage).values_list("text", flat=True)) == ["Out."]
    for url in (
        address(Coverage, "add"),
        address(Coverage, "edit", coverage.pk),
        address(Entry, "edit", entry.pk),
        reverse("end_coverage", args=[coverage.pk]),
    ):
        assert reporter.get(url).status_code in (302, 403), url
        reporter.post(url)
    assert Coverage.objects.get().is_under_way


def test_nobody_deletes_what_readers_had(olha, coverage):
    entry = an_entry(coverage)
    olha.post(address(Entry, "delete", entry.pk))
    assert Entry.objects.get() == entry
