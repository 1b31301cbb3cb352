"""Readers who hold an old address of a coverage arrive, whatever of it is printed already."""

from __future__ import annotations

import re

import pytest

from nightdesk.coverage import lists
from nightdesk.coverage.models import Coverage
from tests.coverage.making import a_coverage, an_entry
from tests.takedown.conftest import press, reader  # noqa: F401

pytestmark = pytest.mark.django_db


def move(coverage: Coverage, slug: str) -> None:
    moving = Coverage.objects.get(pk=coverage.pk)
    moving.slug = slug
    moving.save_revision().publish()


def test_there_and_back_again_no_address_is_a_dead_end_or_leads_in_a_circle(
    newsroom,
    press,  # noqa: F811
    reader,  # noqa: F811
    client,
    monkeypatch,
):
    monkeypatch.setattr(lists, "LENGTH", 2)
    coverage = a_coverage("The flood")
    entries = [an_entry(coverage, f"Update {number}.") for number in range(7)]
    below = ["", "live/", "rss.xml", *(f"{entry.pk}/" for entry in entries)]
    below += [f"before/{pk}/" for pk in lists.older_pages(coverage)]
    press.run_dry()

    def arrives(path: str) -> bool:
        """From the shelf where something is stored; else the site is asked, if it may be."""
        for _step in range(3):
            status, text = reader.get(path)
            if not status:
                assert press.shelf.meta("complete") != "1", path
                answer = client.get(path)
                status, text = answer.status_code, answer.get("Location", "")
            if status != 301:
                return status == 200
            path = re.search(r"/coverage/[^\s\"<]*", text)[0]
        return False

    for slug in ("second", "third", "the-flood"):
        move(coverage, slug)
        steps = 0
        while press.step():
            steps += 1
            if steps % 5 == 1:
                for rest in below:
                    assert arrives(f"/coverage/{slug}/{rest}"), (slug, rest, steps)
        olds = {"the-flood", "second", "third"} - {slug} if slug == "the-flood" else {"the-flood"}
        for old in olds:
            for rest in below:
                assert reader.status(f"/coverage/{old}/{rest}") == 301, (old, rest)
        # The new older pages too, though no list leads to one that had ended elsewhere before.
        assert [reader.status(f"/coverage/{slug}/{rest}") for rest in below] == [200] * len(below)
