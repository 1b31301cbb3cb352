"""Told to the rooms below when the program starts."""


def register() -> None:
    """Called once by ``NewslettersConfig.ready()``."""
    from wagtail import hooks

    from nightdesk.mail.doctor import facts
    from nightdesk.newsletters import parts
    from nightdesk.newsletters.editions import (
        archive,
        arriving,
        digests,
        holding,
        log,
        printed,
        sender,
        under_way,
        witness,
    )
    from nightdesk.people.roles import PRODUCER, allow
    from nightdesk.press import alarms, clock

    verbs = ("add", "change", "delete")
    allow(PRODUCER, *(f"newsletters.{verb}_edition" for verb in (*verbs, "send")))
    allow(PRODUCER, *(f"newsletters.{verb}_digestrule" for verb in verbs))
    printed.learn_of_changes()
    parts.register("past editions", archive.past_editions)
    witness.listen()
    under_way.listen()
    hooks.register("register_log_actions", log.register)
    facts.also_from(sender.domains)
    alarms.register("Editions of newsletters", holding.alarms)
    # First made, then held or started, then told of: in one turn of the clock.
    clock.register("make digests that are due", digests.make_due)
    clock.register("begin editions in time to arrive", arriving.KeepArrivals())
    clock.register("tell who must know of a held edition", holding.tell)
