"""What the site tells the press."""

from __future__ import annotations

import pytest

from nightdesk.press import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_entries_are_read_in_order_and_each_request_knows_its_own(db):
    outbox.forget()
    assert outbox.noted_here() == 0
    start = outbox.newest()
    assert outbox.note() is None
    first = outbox.note({"page:2", "page:1"})
    second = outbox.note(gone={"/old/"}, urgent={"/new/"})
    assert [entry.pk for entry in outbox.after(start, 10)] == [first, second]
    assert [entry.pk for entry in outbox.after(start, 1)] == [first]
    assert outbox.after(first, 10)[0].gone == ["/old", "/old/"]
    assert outbox.newest() == outbox.noted_here() == second
    outbox.forget()
    assert outbox.noted_here() == 0
