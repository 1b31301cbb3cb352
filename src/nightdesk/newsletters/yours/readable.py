"""What is kept of a reader, as a page: the same as the file for machines, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nightdesk.mail import kinds
from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters.delivery import words
from nightdesk.newsletters.models import (
    ConsentEvent,
    Delivery,
    MailEvent,
    Subscription,
    Suppression,
)
from nightdesk.newsletters.yours import holdings

_NAMES = {
    "address": gettext_lazy("Address"),
    "language": gettext_lazy("Language"),
    "kept_since": gettext_lazy("Kept since"),
    "paused_until": gettext_lazy("Paused until"),
    "newsletter": gettext_lazy("Newsletter"),
    "state": gettext_lazy("State"),
    "place": gettext_lazy("Where"),
    "asked_at": gettext_lazy("Asked for"),
    "confirmed_at": gettext_lazy("Confirmed"),
    "ended_at": gettext_lazy("Ended"),
    "ended_why": gettext_lazy("How"),
    "what": gettext_lazy("What"),
    "at": gettext_lazy("When"),
    "words": gettext_lazy("The words beside the button"),
    "detail": gettext_lazy("More"),
    "subject": gettext_lazy("Subject"),
    "answer": gettext_lazy("What the mail server said"),
    "code": gettext_lazy("Code"),
    "passed_over": gettext_lazy("Why"),
    "reason": gettext_lazy("Why"),
}

Row = list[tuple[str, str]]


def parts(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``[{"title": …, "rows": [[(name, value), …], …]}, …]``; what is empty is left out."""
    of_reader = {
        name: found[name] for name in ("address", "language", "kept_since", "paused_until")
    }
    said: dict[str, dict[str, Any]] = {
        "newsletters": {"state": Subscription.State, "ended_why": Subscription.Reason},
        "proof": {},
        "mails": {"state": {state.name.lower(): state for state in Delivery.State}},
        "other_mails": {"state": OutgoingMail.State},
        "reports": {"what": MailEvent.Kind},
        "suppressed": {"reason": Suppression.Reason},
    }
    titles = (
        ("newsletters", _("Newsletters")),
        ("proof", _("Proof that you asked for them")),
        ("mails", _("Mails that were sent to you")),
        ("other_mails", _("Other mails to you within the last week")),
        ("reports", _("Reports about mails to you")),
        ("suppressed", _("Why nothing is sent to you")),
    )
    others = [{**row, "what": kinds.in_words(row["what"])} for row in found["other_mails"]]
    found = {
        **found,
        "mails": [_mail_of_an_edition(row) for row in found["mails"]],
        "other_mails": others,
        "proof": [_line_of_proof(row) for row in found["proof"]],
    }
    return [
        {"title": _("You"), "rows": _rows([of_reader], {})},
        *({"title": title, "rows": _rows(found[part], said[part])} for part, title in titles),
    ]


def _line_of_proof(row: Mapping[str, Any]) -> dict[str, Any]:
    """What was done, in words, and nothing said twice."""
    kind = ConsentEvent.Kind.MOVED if row["what"] == holdings.ASKED_TO_MOVE else row["what"]
    line = ConsentEvent(kind=kind, detail=row["detail"])
    return {**row, "what": line.what, "detail": line.more}


def _mail_of_an_edition(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "answer": words.in_words(row["answer"], skipped=False),
        "passed_over": words.in_words(row["passed_over"], skipped=True),
    }


def _rows(rows: Iterable[Mapping[str, Any]], said: Mapping[str, Any]) -> list[Row]:
    return [
        [
            (str(_NAMES[name]), _in_words(name, value, said.get(name)))
            for name, value in row.items()
            if value and name in _NAMES
        ]
        for row in rows
    ]


def _in_words(name: str, value: Any, choices: Any) -> str:
    if choices is not None:
        known = choices[value] if isinstance(choices, dict) else choices(value)
        return str(known.label)
    if name.endswith(("_at", "since", "until")) or name == "at":
        moment = parse_datetime(value)
        return date_format(timezone.localtime(moment), "j E Y, H:i") if moment else ""
    return str(value)
