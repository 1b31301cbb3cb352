"""Newsletters in the admin: one file of ``desk/`` for each menu."""

from nightdesk.newsletters.desk import newsletters, subscribers, tables  # noqa: F401
