"""What the fast screen says."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nightdesk.briefs.desk.live.streams import Entry, State


def of_the_script() -> dict[str, str]:
    """``{time}`` and so on are filled in by the script."""
    return {
        "empty": _("Write at least a sentence. Nothing was published."),
        "sending": _("Sending…"),
        "waiting": _("Waits for the network. It is kept in this browser and sent by itself."),
        "offline": _(
            "No connection to the newsroom. Go on writing: what you publish is kept in this "
            "browser and sent once when the connection is back."
        ),
        "back": _("The connection is back."),
        "signed_out": _(
            "You are no longer signed in. What you wrote is kept in this browser: sign in again, "
            "and it is sent."
        ),
        "other_account": _(
            "Somebody else is signed in now. What you wrote is kept in this browser for you, and "
            "sent when you sign in again."
        ),
        "no_room": _(
            "This browser has no room left: what you write here is lost when this page is closed. "
            "Do not close it before everything is sent."
        ),
        "keeps_nothing": _(
            "This browser is set to keep nothing: what was not sent is lost when this page is "
            "closed."
        ),
        "not_undone": _("It could not be undone: no connection. Withdraw it."),
        "put_back": _("Put it back into the form"),
        "throw_away": _("Throw it away"),
        "throw_away_sure": _("Throw it away: sure?"),
        "unfinished": _("You were writing this; it was not published."),
        "keep_mine": _("Keep mine and publish it"),
        "take_theirs": _("Take theirs"),
        "leaving": _("Not sent yet: {count}. Signing out throws that away. Sign out all the same?"),
        "server": _("The newsroom’s server cannot take it just now. It is tried again."),
        "changed_here": _(
            "Somebody changed this entry while you write. Your text stays; if you send it you "
            "will be shown both."
        ),
        "restored": _("Your text from before is back in the form."),
        "new_entries": _("New from others: {count}"),
    }


def what_became_of(verb: str, entry: Entry) -> str:
    clock = in_the_desks_zone(entry)
    if verb == "take-back":
        return _("Taken back. Put it right and publish it, or leave it as a draft.")
    if entry.state is State.WITHDRAWN:
        return _("Withdrawn at %(time)s.") % {"time": clock}
    if verb == "correct":
        return _("The correction is published.")
    if verb in ("pin", "mark-key"):
        return _("Done.")
    if entry.state is State.SCHEDULED:
        return _("It goes out at %(time)s.") % {"time": clock}
    if entry.state is State.LIVE:
        return _("Published at %(time)s.") % {"time": clock}
    return _("Kept as a draft.")


def changed_by(entry: Entry, user: Any) -> str:
    if entry.by_whom == user.pk or not entry.by:
        return _("It was changed meanwhile. Nothing of yours was published.")
    return _("%(name)s changed it meanwhile. Nothing of yours was published.") % {"name": entry.by}


def in_the_desks_zone(entry: Entry) -> str:
    zone = timezone.get_default_timezone()
    at, today = timezone.localtime(entry.at, zone), timezone.localtime(timezone=zone)
    return date_format(at, "H:i" if at.date() == today.date() else "j E, H:i")
