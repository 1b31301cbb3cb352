"""Copy the site's log into the chain, entry by entry, and never twice.

The chain follows: a process writes it right after its commit, and the clock makes up each minute
for what a crash, a full disk or a lock has kept from it. So publishing never waits for the chain or
fails because of it, and what was rolled back never enters.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.models import Page, Revision

from nightdesk.audit import chain
from nightdesk.audit.chain import OUT, WITHDRAWN, Book, Entry
from nightdesk.audit.content import revision_digest, state_of, watched
from nightdesk.audit.stamp import LOGS, STAMP, carried, is_off, is_sealed

log = logging.getLogger("nightdesk.audit")

#: Entries of the log that are copied at once.
_BATCH = 500
#: On PostgreSQL a lower number can be committed after a higher one; so far back it is looked for.
_LATE = 2000
#: When the log was set back (a copy of the database was put in place), how far back the last
#: common entry is looked for.
_BACK = 5000
#: A newsroom that opens writes into its log before the chain begins.
_JUST_NOW = datetime.timedelta(minutes=10)

#: What is done to what readers get. Other verbs of ours that rewrite what is out register here.
_stands = {
    "wagtail.create": OUT,
    "wagtail.create_alias": OUT,
    "wagtail.convert_alias": OUT,
    "wagtail.copy": OUT,
    "wagtail.copy_for_translation": OUT,
    "wagtail.publish": OUT,
    "wagtail.publish.scheduled": OUT,
    "wagtail.unpublish": WITHDRAWN,
    "wagtail.unpublish.scheduled": WITHDRAWN,
    "wagtail.delete": WITHDRAWN,
}
#: Those of them after which the row may not be out at all.
_PERHAPS = frozenset(
    {
        "wagtail.create",
        "wagtail.create_alias",
        "wagtail.convert_alias",
        "wagtail.copy",
        "wagtail.copy_for_translation",
    }
)
_rewrites: set[str] = set()

#: Where in the data of a log's entry a verb says what readers get.
STATE = "state"

BEGUN, FOUND, REWOUND = "nightdesk.audit.begun", "nightdesk.audit.found", "nightdesk.audit.rewound"


def rewrites(action: str) -> None:
    """Let a verb that rewrites what is out, and its versions with it, settle what that now is."""
    _rewrites.add(action)


def withdraws(action: str) -> None:
    """Let a verb mean that readers get the thing no more."""
    _stands[action] = WITHDRAWN


def publishes(action: str) -> None:
    """Let a verb mean that readers get the thing from now on. Of one without versions the verb may
    say, as ``STATE`` in the data of its log, what it is (`nightdesk.audit.content.state_of`): that
    is sealed in the same transaction, and nobody can alter the row before the chain has looked."""
    _stands[action] = OUT


def listen() -> None:
    for model in LOGS.values():
        post_save.connect(_when_committed, sender=model, dispatch_uid=f"audit {model.__name__}")


def _when_committed(created: bool, raw: bool = False, **_kwargs: object) -> None:
    waits = any(entry[1] is _follow_after_commit for entry in connection.run_on_commit)
    if created and not raw and not is_off() and not waits:
        transaction.on_commit(_follow_after_commit, robust=True)


def _follow_after_commit() -> None:
    follow_if_possible()


def follow_if_possible() -> None:
    """Nothing that is published waits for the chain, or fails because of it."""
    try:
        follow()
    except chain.AuditTrouble as trouble:
        log.warning("The audit chain waits: %s. What is missing is copied later.", trouble)


def follow() -> int:
    """Copy everything that is missing; returns how much that was. ``AuditTrouble``."""
    copied = 0
    while True:
        with chain.writing() as book:
            if book.standing("followed") is None:
                _begin(book)
            new = _copy(book)
        copied += new
        if new < _BATCH:
            return copied


def _begin(book: Book) -> None:
    """The first entry. Of the log, what is sealed is copied. Sealed entries from earlier than just
    now say that a chain has been here and is gone."""
    followed, missing = {}, chain.kept_head() is not None
    just_now = timezone.now() - _JUST_NOW
    for letter, model in LOGS.items():
        followed[letter] = [0, ""]
        for entry in model.objects.order_by("-pk").iterator():
            if not is_sealed(entry):
                followed[letter] = _mark(entry)
                break
            missing = missing or entry.timestamp < just_now
    note: dict[str, Any] = {"followed": followed}
    if missing:
        note["missing"] = True
    due = Revision.objects.filter(approved_go_live_at__isnull=False)
    note["scheduled"] = {str(version.pk): revision_digest(version) for version in due}
    book.append(Entry(chain.now(), BEGUN, note=note))
    book.remember("followed", followed)
    book.remember("to find", {"begun": chain.now(), "kind": 0, "pk": 0})


def _mark(entry: Any) -> list:
    """How an entry of the log is recognised."""
    return [entry.pk, carried(entry)] if entry else [0, ""]


def _copy(book: Book) -> int:
    followed = book.standing("followed")
    found: list[tuple[str, Any]] = []
    for letter, model in LOGS.items():
        pk, seal = followed.get(letter, [0, ""])
        if not _is_still_there(model, pk, seal):
            pk, seal = _last_in_common(book, letter, model)
            book.append(Entry(chain.now(), REWOUND, note={"rewound": letter, "to": pk}))
            followed[letter] = [pk, seal]
        late = _LATE if connection.vendor == "postgresql" else 0
        rows = list(
            model.objects.filter(pk__gt=pk).select_related("content_type").order_by("pk")[:_BATCH]
        )
        if late:
            rows = [*model.objects.filter(pk__gt=pk - late, pk__lte=pk).order_by("pk"), *rows]
        found += [(letter, row) for row in rows]
    found.sort(key=lambda pair: (pair[1].timestamp, pair[1].pk))
    copied = 0
    upto = dict(followed)
    # What an import makes and publishes at once need not be looked at in between.
    published = {_thing(row) for _letter, row in found if row.revision_id and _is_out(row)}
    for letter, row in found:
        seal = carried(row)
        source = f"{letter}{row.pk}"
        if row.pk > upto[letter][0]:
            upto[letter] = [row.pk, seal]
        elif book.has(source, seal) or not _since_begun(book, letter, row):
            continue
        book.append(_as_entry(book, row, source, seal, published))
        copied += 1
    if upto != book.standing("followed"):
        book.remember("followed", upto)
    return copied


def _since_begun(book: Book, letter: str, row: Any) -> bool:
    first = book.first()
    return bool(first) and row.pk > first.note.get("followed", {}).get(letter, [0])[0]


def _is_still_there(model: type, pk: int, seal: str) -> bool:
    if not pk:
        return True
    row = model.objects.filter(pk=pk).first()
    return row is not None and carried(row) == seal


def _last_in_common(book: Book, letter: str, model: type) -> list:
    for row in model.objects.order_by("-pk")[:_BACK]:
        if book.has(f"{letter}{row.pk}", carried(row)):
            return _mark(row)
    return _mark(model.objects.order_by("-pk").first())


def _as_entry(book: Book, row: Any, source: str, seal: str, published: set[str]) -> Entry:
    about = (row.data or {}).get(STAMP)
    about = about if isinstance(about, dict) else {}
    data = {key: value for key, value in (row.data or {}).items() if key != STAMP}
    kind = row.content_type
    thing = _thing(row)
    note: dict[str, Any] = {"log": data} if data else {}
    sealed = is_sealed(row)
    if not sealed:
        note["unsealed"] = True
    elif book.has_seal(seal):
        note["twice"] = True
    stands, state = "", {}
    if not (row.action in _PERHAPS and thing in published):
        stands, state = _what_stands(row, about, kind, getattr(row, "page_id", None))
    return Entry(
        at=row.timestamp.astimezone(datetime.UTC).isoformat(timespec="milliseconds"),
        who=row.user_id,
        name=str(about.get("name", "")),
        action=row.action,
        object=thing,
        kind=kind.model if kind else "",
        label=row.label,
        revision=row.revision_id,
        content=str(about.get("content", "")) if sealed else "",
        state=state,
        stands=stands,
        session=str(about.get("session", "")),
        note=note,
        source=source,
        seal=seal,
    )


def _thing(row: Any) -> str:
    """The name under which the chain knows it."""
    if getattr(row, "page_id", None):
        return f"page:{row.page_id}"
    kind = row.content_type
    return f"{kind.app_label}.{kind.model}:{row.object_id}" if kind else ""


def _is_out(row: Any) -> bool:
    return _stands.get(row.action) == OUT and row.action not in _PERHAPS


def _what_stands(
    row: Any, about: dict, kind: ContentType | None, page: int | None
) -> tuple[str, dict]:
    """Whether this says what readers get; and what that is, of a thing without versions."""
    stands = OUT if row.action in _rewrites else _stands.get(row.action, "")
    if stands != OUT or kind is None:
        return stands, {}
    found = standing_row(page, kind, None if page else row.object_id)
    if row.action not in _PERHAPS and row.action not in _rewrites:
        if row.revision_id:
            return OUT, {}
    elif found is None or not _is_watched_and_out(found) or not about.get("live", True):
        return "", {}
    said = (row.data or {}).get(STATE)
    if isinstance(said, dict) and row.action not in _rewrites:
        return OUT, said
    if found is None or getattr(found, "alias_of_id", None):
        return OUT, {}
    return OUT, state_of(watched(type(found)), found)


def _is_watched_and_out(found: Any) -> bool:
    watching = watched(type(found))
    return watching is not None and watching.is_out(found)


def standing_row(page: int | None, kind: ContentType | None, pk: Any = None) -> Any:
    """The row that is watched, as it is now; None when it is gone or nobody watches it."""
    if page:
        found = Page.objects.filter(pk=page).first()
        found = found.specific if found else None
    else:
        model = kind.model_class() if kind else None
        found = model.objects.filter(pk=pk).first() if model and watched(model) else None
    return found if found is not None and watched(type(found)) else None


def behind(now: datetime.datetime | None = None) -> datetime.datetime | None:
    """Since when something waits to be copied; None when the chain is where it should be."""
    late = (now or timezone.now()) - datetime.timedelta(minutes=2)
    with chain.reading() as book:
        followed = book.standing("followed", {}) if book else {}
    for letter, model in LOGS.items():
        pk = followed.get(letter, [0, ""])[0]
        waiting = model.objects.filter(pk__gt=pk, timestamp__lt=late).order_by("pk").first()
        if waiting:
            return waiting.timestamp
    return None
