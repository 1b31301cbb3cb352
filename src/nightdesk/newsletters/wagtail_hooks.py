"""Newsletters in the admin: one file of ``desk/`` for each menu."""

from nightdesk.newsletters.desk import (  # noqa: F401
    digests,
    editions,
    newsletters,
    subscribers,
    tables,
)
