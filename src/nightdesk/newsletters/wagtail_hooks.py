"""Newsletters in the admin: one file of ``desk/`` for each menu."""

from nightdesk.newsletters.desk import digests, editions, newsletters  # noqa: F401
