"""Why somebody was passed over, in words: what is kept in ``Delivery.reply`` of a skipped one."""

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
STOPPED = "Nightdesk was stopped before the relay answered."
