"""A browser's mark is recognised by nobody but us, and not for ever."""

from __future__ import annotations

import pytest

from nightdesk.kernel.devices import LIFETIME, RENEWED_AFTER, Devices

OURS = Devices("a secret")


def test_a_mark_names_the_account_however_it_was_typed():
    device = OURS.recognise(OURS.mark(" Олена@Example.org "))
    assert device.account == "олена@example.org"
    assert not device.needs_renewal()


def test_a_mark_ends_and_is_renewed_before():
    mark = OURS.mark("olena", now=1_000_000)
    assert OURS.recognise(mark, now=1_000_000 + LIFETIME).account == "olena"
    assert OURS.recognise(mark, now=1_000_001 + LIFETIME) is None
    assert OURS.recognise(mark, now=1_000_000).needs_renewal(now=1_000_001 + RENEWED_AFTER)


def test_a_mark_of_tomorrow_is_not_believed():
    assert OURS.recognise(OURS.mark("olena", now=1_000_000), now=900_000) is None


@pytest.mark.parametrize(
    "mark",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "x" * 5000,
        "ключ.ключ.ключ",
        "\ud800.a.b",
        Devices("another secret").mark("olena"),
        OURS.mark("olena")[:-1],
        OURS.mark("olena") + "A",
        OURS.mark("olena").replace(".", "..", 1),
        "f" + OURS.mark("olena"),
    ],
    # A mark holds the second at which it was made, and every process must call a test the same.
    ids=range(12),
)
def test_nothing_else_is_a_mark(mark):
    assert OURS.recognise(mark) is None
