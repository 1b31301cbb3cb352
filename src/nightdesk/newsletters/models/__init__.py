"""The room's data, a file for each idea; imported from here."""

from nightdesk.newsletters.models.digests import DigestRule, DigestRun
from nightdesk.newsletters.models.editions import (
    CompiledEdition,
    Delivery,
    Edition,
    EditionRecord,
)
from nightdesk.newsletters.models.events import MailEvent, Suppression
from nightdesk.newsletters.models.newsletter import Newsletter
from nightdesk.newsletters.models.signing_up import FirstMail, Wish
from nightdesk.newsletters.models.subscribers import (
    ConsentEvent,
    ConsentWords,
    Subscriber,
    SubscriberCount,
    SubscriberTable,
    Subscription,
)

__all__ = [
    "CompiledEdition",
    "ConsentEvent",
    "ConsentWords",
    "Delivery",
    "DigestRule",
    "DigestRun",
    "Edition",
    "EditionRecord",
    "FirstMail",
    "MailEvent",
    "Newsletter",
    "Subscriber",
    "SubscriberCount",
    "SubscriberTable",
    "Subscription",
    "Suppression",
    "Wish",
]
