"""Editors read their own writes: a change in the admin is with readers when its answer comes.

After the commit the answer waits, two seconds at most, until the press has taken away what is no
longer public and printed the pages that the editor is about to look at. When it does not come to
that, the editor is told so in plain words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nightdesk.press import outbox
from nightdesk.press.models import OutboxEntry
from nightdesk.press.shelf.format import sqlite3
from nightdesk.press.shelf.read import Shown

#: Seconds.
_LONGEST = 2.0
_LOOK = 0.01
#: The newsstand notices what the press has written at most so much later.
_NEWSSTAND = 0.06
#: Of a change that touches thousands of pages, these are waited for.
_MOST_PAGES = 20
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Acknowledged:
    """What became of a change within the time: ``taken``: what is gone is gone; ``printed``: the
    pages that matter most are new; ``trouble``: (path, why) of one that cannot be printed;
    ``gone``: a path that was to be taken away."""

    taken: bool
    printed: bool
    trouble: tuple[str, str] | None = None
    gone: str = ""

    @property
    def is_done(self) -> bool:
        return self.taken and self.printed and not self.trouble


def acknowledged(data: Path, entries: Collection[OutboxEntry]) -> Acknowledged | None:
    """Wait for the press. None when there is no shelf on this machine to look at."""
    newest = max(entry.pk for entry in entries)
    # The other spelling of an address, without its last "/", is the same to an editor.
    gone = sorted((unquote(path) for entry in entries for path in entry.gone), key=_as_told)
    urgent = [unquote(path) for entry in entries for path in entry.urgent]
    paths = list(dict.fromkeys(urgent))[:_MOST_PAGES]
    end = time.monotonic() + _LONGEST
    taken = printed = False
    try:
        shown = Shown(data)
    except (FileNotFoundError, ValueError, sqlite3.Error):
        return None
    try:
        while True:
            taken = taken or int(shown.meta("cursor", "0")) >= newest
            printed = taken and not any(shown.waits(path, newest) for path in paths)
            if printed or time.monotonic() > end:
                break
            time.sleep(_LOOK)
        troubled = ((path, why) for path in paths if (why := shown.trouble(path)))
        trouble = next(troubled, None)
    except sqlite3.Error:
        return Acknowledged(False, False, gone=gone[0] if gone else "")
    finally:
        shown.close()
    if taken:
        time.sleep(_NEWSSTAND)
    return Acknowledged(taken, printed, trouble, gone[0] if gone else "")


def _as_told(path: str) -> bool:
    return not path.endswith("/")


def land_on(request: HttpRequest, address: str) -> None:
    """When readers have it in time, lead the editor to this page instead of where the answer
    leads."""
    request.nightdesk_landing = address


def tell_by(request: HttpRequest, tell: Callable[[HttpResponse, str], None]) -> None:
    """For an answer that no page of the admin follows: what the press has to say is put into it by
    ``tell`` and not kept for the next page."""
    request.nightdesk_tell = tell


class ReadYourOwnWrite:
    """Middleware, inside that of messages: waits after whatever the newsroom has changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _SAFE or not request.path.startswith(("/admin/", "/staff/")):
            return self.get_response(request)
        outbox.forget()
        response = self.get_response(request)
        entries = list(outbox.entries_here())
        if not entries or response.status_code >= 500 or not _are_kept(entries):
            return response
        found = acknowledged(Path(settings.DATA), entries)
        if found is None:
            return response
        landing = getattr(request, "nightdesk_landing", "")
        if found.is_done and landing and response.status_code == 302:
            # What was to be said in the admin, the page itself says.
            for _message in messages.get_messages(request):
                pass
            response["Location"] = landing
            return response
        level, text = _said(found)
        if text and hasattr(request, "nightdesk_tell"):
            request.nightdesk_tell(response, text)
        elif text:
            messages.add_message(request, level, text)
        return response


def _are_kept(entries: list[OutboxEntry]) -> bool:
    """Whether the change is committed: its refusal may have undone it."""
    return OutboxEntry.objects.filter(pk=entries[-1].pk).exists()


def _said(found: Acknowledged) -> tuple[int, str]:
    """How much it matters, and the words; "" when all is as it should be."""
    if not found.taken and found.gone:
        text = _(
            "Saved, but readers may still see %(path)s: the press does not answer. It will be "
            "taken away as soon as the press works again. If it must not be read now, ask whoever "
            "runs this site to look at “nightdesk press status” at once."
        ) % {"path": found.gone}
        return messages.ERROR, text
    if not found.taken:
        text = _(
            "Saved, but readers still get the pages as they were: the press does not answer. They "
            "get the new ones as soon as it works again; “nightdesk press status” says more."
        )
        return messages.WARNING, text
    if found.trouble:
        path, why = found.trouble
        text = _(
            "Saved, but %(path)s cannot be shown to readers as it is now: %(why)s They keep what "
            "they had. Change what you changed last, or show this to whoever runs the site."
        ) % {"path": path, "why": f"{why.rstrip('.')}."}
        return messages.ERROR, text
    if not found.printed:
        return messages.INFO, _("Saved. The press is busy: readers get it within moments.")
    return messages.INFO, ""
