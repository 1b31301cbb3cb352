"""Does mail leave this server? Asked by the alarm, the doctor, and by whoever promises a reader a
mail: what does not leave must never look like success."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nightdesk.mail.models import OutgoingMail, Relay
from nightdesk.mail.relay import chosen_relay
from nightdesk.settings.table import SettingError

#: A relay may be down, and the sender be busy, for so long before anybody is told.
PATIENCE = timedelta(minutes=15)
FOLDER = "folder"
#: Names that lead nowhere from outside (RFC 2606, 6761, 6762, 8375, and ICANN's for inside use).
_INSIDE = ("localhost", "local", "test", "internal", "lan", "home.arpa")


@dataclass(frozen=True)
class Leaving:
    """``since`` is when it stopped, None when that is not known; ``cause`` and ``remedy`` are
    sentences for whoever runs the newsroom, empty while all is well."""

    ok: bool
    since: datetime | None = None
    cause: str = ""
    remedy: str = ""


def leaving(now: datetime | None = None) -> Leaving:
    """Whether mail leaves, as far as anybody can know: two small questions to the database."""
    now = now or timezone.now()
    relay = Relay.objects.filter(name=relay_name()).first()
    if goes_nowhere():
        return Leaving(
            False,
            relay.used_since if relay else None,
            _(
                "No mail relay is set, and this newsroom has a public address: mail only waits here."
            ),
            _("Set NIGHTDESK_MAIL to your mail service and start again; what waits goes out then."),
        )
    if relay and relay.refusing_since and now - relay.refusing_since >= PATIENCE:
        return Leaving(
            False,
            relay.refusing_since,
            _in_its_words(relay),
            _(
                "Check NIGHTDESK_MAIL and your account with the mail service; nightdesk mail test "
                "tries it. What waits goes out by itself."
            ),
        )
    waiting = OutgoingMail.objects.filter(
        state=OutgoingMail.State.QUEUED, not_before__lt=now - PATIENCE
    )
    oldest = waiting.order_by("not_before").values_list("not_before", flat=True).first()
    if oldest and not (relay and relay.last_left_at and relay.last_left_at > oldest):
        return Leaving(
            False,
            oldest,
            _(
                "Mail waits and nothing sends it: the worker is not running, or the newsroom is "
                "frozen."
            ),
            _("Start Nightdesk's worker, or end the freeze (nightdesk thaw)."),
        )
    return Leaving(True)


def alarms() -> list[str]:
    """For the top of the admin's first page."""
    found = leaving()
    if found.ok:
        return []
    return [f"{in_a_sentence(found)} {found.cause} {found.remedy}"]


def in_a_sentence(found: Leaving) -> str:
    if found.ok and relay_name() == FOLDER:
        return _("Mail does not leave this server: each becomes a file in the folder mail.")
    if found.ok:
        return _("Mail leaves this server.")
    if found.since is None:
        return _("Mail is not leaving this server.")
    return _("Mail is not leaving this server since %(when)s.") % {"when": _moment(found.since)}


def _in_its_words(relay: Relay) -> str:
    if relay.name in relay.cause:
        return f"{relay.cause.rstrip('.')}."
    return _("%(relay)s does not take it: “%(said)s”.") % {"relay": relay.name, "said": relay.cause}


def relay_name() -> str:
    """Of the relay that the settings name: ``smtp.example:587``, or ``folder``."""
    try:
        return str(chosen_relay(settings.NIGHTDESK) or FOLDER)
    except SettingError:
        return urlsplit(settings.NIGHTDESK["NIGHTDESK_MAIL"]).hostname or FOLDER


def goes_nowhere() -> bool:
    """Readers come to a public address, and their mail would only become a file here."""
    return relay_name() == FOLDER and is_public(settings.PUBLIC_URL)


def is_public(url: str) -> bool:
    """Whether it is the address of a site on the internet, over HTTPS."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or "." not in host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return not any(host == name or host.endswith(f".{name}") for name in _INSIDE)
    return False


def _moment(when: datetime) -> str:
    """The time; with its day when that is not today."""
    local = timezone.localtime(when)
    today = local.date() == timezone.localdate()
    return date_format(local, "H:i" if today else "j E H:i")
