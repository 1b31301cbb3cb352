"""The one error of this room."""


class SourceUnreadable(Exception):
    """A source from which nothing can be imported. Its text is one plain line: what and what to do."""
