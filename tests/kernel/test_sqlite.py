"""The newsroom's database runs on a SQLite without the WAL-reset bug."""

import pytest

from nightdesk.kernel.sqlite import is_safe_version


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_versions_that_can_corrupt_a_database_are_known(version, safe):
    assert is_safe_version(version) is safe


def test_the_site_uses_a_safe_one():
    from django.db.backends.sqlite3.base import Database

    assert is_safe_version(Database.sqlite_version_info)
