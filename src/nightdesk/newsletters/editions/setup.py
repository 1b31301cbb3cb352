"""Told to the rooms below when the program starts."""


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    from nightdesk.newsletters.editions import printed, witness

    printed.learn_of_changes()
    witness.listen()
