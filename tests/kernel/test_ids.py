"""An id that somebody sent is a number, or it is nobody's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nightdesk.kernel.ids import asked_id

NOBODYS = ["", "-1", "1.0", " 1", "1e3", "٣", "²", "0x1", "9" * 18, "9" * 5000, "1\0"]


def test_digits_are_the_id_that_they_say():
    assert [asked_id(text) for text in ("7", "007", "9" * 17)] == [7, 7, int("9" * 17)]


@pytest.mark.parametrize("text", NOBODYS)
def test_everything_else_means_none(text):
    assert asked_id(text) is None


@pytest.mark.parametrize("number", ["9" * 18, "9" * 5000, "٣"])
@pytest.mark.parametrize(
    ("name", "asked"),
    [("audit_report", "before"), ("wagtailsnippets_newsletters_edition:add", "newsletter")],
)
def test_the_admins_pages_take_no_harm_from_such_a_number(
    admin_client, newsroom, name, asked, number
):
    answer = admin_client.get(reverse(name), {asked: number}, follow=True)
    assert answer.status_code == 200
