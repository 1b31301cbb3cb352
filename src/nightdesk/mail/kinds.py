"""What a mail is, in words: ``kind`` is kept in English, who reads a list of mails has a language.

Each room that mails says its own when the program starts.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nightdesk.mail.backend import STAFF

_words: dict[str, str | Promise] = {STAFF: _("to staff")}


def name(kinds: dict[str, str | Promise]) -> None:
    """``{"confirmation": _("confirmation of a sign-up")}``"""
    _words.update(kinds)


def in_words(kind: str) -> str:
    return str(_words.get(kind, kind))
