"""Why somebody was passed over, in words: what is kept in ``Delivery.reply`` of a skipped one."""

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

CANCELLED = "cancelled"
UNSUBSCRIBED = "unsubscribed"
SUPPRESSED = "suppressed"
PAUSED = "paused"
ERASED = "erased"
UNUSABLE = "unusable"

SKIPPED_BECAUSE = {
    CANCELLED: _("the edition was cancelled"),
    UNSUBSCRIBED: _("had unsubscribed by then"),
    SUPPRESSED: _("the address gets no mail any more"),
    PAUSED: _("had paused all mail"),
    ERASED: _("had been erased by then"),
    UNUSABLE: _("no mail can be made out for the address"),
}

#: What stands in ``reply`` of one that is uncertain though no relay said so.
STOPPED = gettext_noop("Nightdesk was stopped before the relay answered.")


def in_words(reply: str, *, skipped: bool) -> str:
    """``Delivery.reply`` for whoever reads it: what the relay said stays as it said it."""
    if skipped:
        return str(SKIPPED_BECAUSE.get(reply, reply))
    return gettext(STOPPED) if reply == STOPPED else reply
