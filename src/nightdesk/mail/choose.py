"""From the settings to the courier that takes all mail."""

from __future__ import annotations

from nightdesk.mail.ports import Courier
from nightdesk.mail.relay import chosen_relay
from nightdesk.settings.table import Settings


def chosen(settings: Settings, *, farewell: float = 5.0) -> Courier:
    """A relay's when NIGHTDESK_MAIL is set, else a folder's. ``farewell``: how many seconds it may
    wait for answers once it is told to stop at once. Raises ``SettingError``."""
    relay = chosen_relay(settings)
    if relay is None:
        from nightdesk.mail.adapters.folder import FolderCourier

        return FolderCourier(settings.data / "mail")
    from nightdesk.mail.adapters.smtp import Patience, SMTPCourier

    host = settings.public_host
    return SMTPCourier(
        relay,
        settings["NIGHTDESK_MAIL_CONNECTIONS"],
        name=host if host.isascii() else "",
        patience=Patience(farewell=farewell),
    )
