"""Told to the rooms below when the program starts."""


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
