"""Newsletters in the admin, a file for each menu."""
