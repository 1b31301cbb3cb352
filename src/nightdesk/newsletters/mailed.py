"""The mails of this room to single persons, as lists of mails call them."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "confirmation": _("confirmation of a sign-up"),
    "subscribed already": _("that one is subscribed already"),
    "welcome": _("welcome to a newsletter"),
    "your newsletters": _("link to one's own newsletters"),
    "move": _("change of one's address"),
    "edition held": _("that an edition is held"),
    "digest to approve": _("a digest that waits for approval"),
    "test of an edition": _("edition, sent as a test"),
}
