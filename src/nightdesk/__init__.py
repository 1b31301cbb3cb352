"""Nightdesk: the system behind a newsroom's website."""

__version__ = "0.1.0"
