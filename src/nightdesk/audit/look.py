"""The hourly look for forged pages: what readers get is what was published, and the chain says so.

Each round walks the chain, then everything that is live, a few rows a second, so that a newsroom of
a hundred thousand stories is looked through within the hour and nothing else waits. What differs is
looked at twice, with the chain made up to date between, before anybody is alarmed.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from nightdesk.audit import chain
from nightdesk.audit.chain import OUT, WITHDRAWN, Book, Entry, Walk
from nightdesk.audit.content import (
    Watched,
    all_watched,
    differing,
    differs_from_version,
    in_words,
    of_row,
    revision_digest,
    state_of,
)
from nightdesk.audit.follow import FOUND, behind, follow
from nightdesk.press.nothing_saved import disk_is_full

log = logging.getLogger("nightdesk.audit")

EVERY = datetime.timedelta(hours=1)
#: A round that has not ended after so long is itself an alarm.
LATE = datetime.timedelta(hours=3)
#: Rows a second, at least; of a large newsroom so many that the round takes 50 minutes.
_ROWS, _TICKS = 25, 3000
_LINKS = 1000
_FOLLOW = datetime.timedelta(minutes=1)
#: After trouble with the chain's file.
_rests_until: datetime.datetime | None = None
#: More are counted, not kept one by one.
_MOST = 200

ACCEPT, MISMATCH = "nightdesk.audit.accept", "nightdesk.audit.mismatch"
CHAIN = "chain"


@dataclass(frozen=True)
class Forged:
    """``what`` is the thing as the chain knows it, ``said`` a sentence about it."""

    what: str
    said: str


# --- one row ---------------------------------------------------------------------------------


def look_at(watching: Watched, row: Any, book: Book | None) -> Forged | None:
    """Whether what readers get of ``row`` is what was published; None when it is."""
    thing = watching.known_as(row.pk)
    wrong = _wrong_with(watching, row, book.decides(thing) if book else None)
    return Forged(thing, f"“{row}”: {wrong}") if wrong else None


def _wrong_with(watching: Watched, row: Any, entry: Entry | None) -> str:
    if entry is None:
        return _("readers have it, and nobody has published it in Nightdesk.")
    if entry.stands == WITHDRAWN:
        return _("readers have it, though it was taken down on %(when)s.") % _who_when(entry)
    if getattr(row, "alias_of_id", None):
        return _wrong_with_alias(watching, row)
    if entry.state:
        fields = differing(entry.state, state_of(watching, row))
        return _altered(watching, fields, entry) if fields else ""
    number = getattr(row, "live_revision_id", None) or entry.revision
    if number != entry.revision:
        return _("readers have another version than %(name)s published on %(when)s.") % _who_when(
            entry
        )
    version = Revision.objects.filter(pk=number).first()
    if version is None or revision_digest(version) != entry.content:
        return _("the version that %(name)s published on %(when)s was altered since.") % _who_when(
            entry
        )
    fields = differs_from_version(watching, row, version)
    return _altered(watching, fields, entry) if fields else ""


def _wrong_with_alias(watching: Watched, row: Any) -> str:
    """It says what its source says; that one is looked at by itself."""
    source = watching.model.objects.filter(pk=row.alias_of_id, live=True).first()
    if source is None:
        return ""
    fields = differing(of_row(watching, row), of_row(watching, source))
    if not fields:
        return ""
    return _("its %(fields)s differ from those of the page that it repeats.") % {
        "fields": in_words(watching.model, fields)
    }


def _altered(watching: Watched, fields: list[str], entry: Entry) -> str:
    said = _(
        "what readers get is not what %(name)s published on %(when)s. It differs in: %(fields)s."
    )
    return said % {"fields": in_words(watching.model, fields), **_who_when(entry)}


def _who_when(entry: Entry) -> dict[str, str]:
    at = timezone.localtime(datetime.datetime.fromisoformat(entry.at))
    return {"name": entry.name or _("Nightdesk"), "when": date_format(at, "j E Y H:i")}


def look_twice(watching: Watched, rows: list[Any]) -> list[Forged]:
    with chain.reading() as book:
        doubtful = [row.pk for row in rows if look_at(watching, row, book)]
    if not doubtful:
        return []
    follow()
    with chain.reading() as book:
        again = watching.live().filter(pk__in=doubtful)
        return [found for row in again if (found := look_at(watching, row, book))]


def look_for_missing(watching: Watched) -> list[Forged]:
    """Rows without drafts that were put out lately, by hand taken away again or altered so that
    readers do not get them any more: no row that is out would show it."""
    if watching.stays is None:
        return []
    # What was ended in Nightdesk meanwhile is no alarm.
    follow()
    since = (timezone.now() - watching.stays).astimezone(datetime.UTC)
    kind = watching.known_as("").rstrip(":")
    with chain.reading() as book:
        entries = book.out_since(kind, since.isoformat(timespec="milliseconds")) if book else []
    found = []
    for entry in entries:
        row = watching.model._default_manager.filter(pk=entry.object.rpartition(":")[2]).first()
        if row is None:
            said = _("%(name)s published it on %(when)s; since then it was deleted by hand.")
            wrong = said % _who_when(entry)
        elif not watching.is_out(row):
            fields = differing(entry.state, state_of(watching, row))
            wrong = _altered(watching, fields, entry) if fields else ""
        else:
            continue  # looked at with what is out
        if wrong:
            found.append(Forged(entry.object, f"“{row or entry.label}”: {wrong}"))
    return found


# --- what is not a row -----------------------------------------------------------------------


def look_at_schedule() -> list[Forged]:
    """Versions that the clock will publish, or has: somebody scheduled them, as they are."""
    found = []
    with chain.reading() as book:
        if book is None:
            return []
        begun = book.first()
        due = Revision.objects.filter(approved_go_live_at__isnull=False)
        for version in due:
            thing = _thing_of(version)
            entry = book.of_revision(thing, "wagtail.publish.schedule", version.pk)
            digest = revision_digest(version)
            if entry is None and begun.note.get("scheduled", {}).get(str(version.pk)) == digest:
                continue  # scheduled before the chain began
            if entry is None:
                wrong = _("it is to be published, and nobody has scheduled it in Nightdesk.")
            elif digest != entry.content:
                wrong = _("the version that %(name)s scheduled on %(when)s was altered since.")
                wrong %= _who_when(entry)
            else:
                continue
            found.append(Forged(thing, f"“{version.object_str}”: {wrong}"))
    return found


def _thing_of(version: Revision) -> str:
    kind = version.content_type.model_class()
    if kind and issubclass(kind, Page):
        return f"page:{version.object_id}"
    return f"{version.content_type.app_label}.{version.content_type.model}:{version.object_id}"


def look_at_notes(book: Book) -> list[Forged]:
    """What the chain itself says is not right, and nobody has accepted yet."""
    since = book.latest_of(ACCEPT, CHAIN)
    found = []
    for word, said in (
        ("unsealed", _("the site's log says “%(action)s”; Nightdesk has not written that.")),
        ("twice", _("the site's log says “%(action)s” a second time.")),
        ("missing", _("the audit chain begins anew: an earlier one is missing.")),
        ("rewound", _("the site's log was set back: another database is in its place.")),
    ):
        for entry in book.notes_since(word, since)[:_MOST]:
            text = said % {"action": entry.action}
            name = f"“{entry.label}”: " if entry.label else ""
            found.append(Forged(f"entry {entry.seq}", f"{name}{text}"))
    return found


# --- the round -------------------------------------------------------------------------------


def look_through_everything() -> list[Forged]:
    """One round at once, for the command line. The result is kept like the clock's."""
    follow()
    while _find_what_stands(500):
        pass
    _start_round(timezone.now())
    while not _go_on(500):
        pass
    return findings()


def on_the_clock(now: datetime.datetime) -> int:
    """A due verb: a little of whatever is to do. Returns how many forged things came to light."""
    global _rests_until
    if _rests_until and now < _rests_until:
        return 0
    try:
        _rests_until = None
        return _a_little(now)
    except chain.AuditTrouble as trouble:
        log.warning("The audit chain waits: %s. It is tried again in a minute.", trouble)
        _rests_until = now + _FOLLOW
        return 0


def _a_little(now: datetime.datetime) -> int:
    with chain.reading() as book:
        followed = book.standing("followed last", "") if book else ""
        to_find = book.standing("to find") if book else None
        begun = book.standing("round", {}) if book else {}
    if not followed or now - datetime.datetime.fromisoformat(followed) >= _FOLLOW:
        follow()
        with chain.writing() as book:
            book.remember("followed last", now.isoformat())
    elif to_find:
        _find_what_stands(4 * _ROWS)
    elif begun.get("going"):
        before = len(begun["found"])
        _go_on(max(_ROWS, begun.get("rows", 0) // _TICKS))
        return len(findings(going=True)) - before
    elif not begun or now - datetime.datetime.fromisoformat(begun["began"]) >= EVERY:
        _start_round(now)
    return 0


def _find_what_stands(count: int) -> bool:
    """When the chain is young: note a little more of what readers have already; whether any is
    left. What was published meanwhile is in the chain by itself."""
    with chain.writing() as book:
        to_find = book.standing("to find")
        if not to_find:
            return False
        kinds = all_watched()
        if to_find["kind"] >= len(kinds):
            book.remember("to find", None)
            return False
        watching = kinds[to_find["kind"]]
        rows = list(watching.live().filter(pk__gt=to_find["pk"])[:count])
        for row in rows:
            thing = watching.known_as(row.pk)
            if book.decides(thing) is None:
                book.append(_as_it_stands(watching, row, thing, FOUND))
        if len(rows) < count:
            to_find = {**to_find, "kind": to_find["kind"] + 1, "pk": 0}
        else:
            to_find = {**to_find, "pk": rows[-1].pk}
        book.remember("to find", to_find)
    return True


def note_what_stands() -> None:
    """For commands of the server that write what is live without publishing it: what has no entry
    yet gets one."""
    follow()
    with chain.writing() as book:
        book.remember("to find", {"begun": chain.now(), "kind": 0, "pk": 0})
    while _find_what_stands(500):
        pass


def _as_it_stands(watching: Watched, row: Any, thing: str, action: str, **more: Any) -> Entry:
    version = Revision.objects.filter(pk=getattr(row, "live_revision_id", None)).first()
    whole = version is not None and not differs_from_version(watching, row, version)
    return Entry(
        chain.now(),
        action,
        object=thing,
        kind=watching.model._meta.model_name,
        label=str(row),
        revision=version.pk if version else None,
        content=revision_digest(version) if version else "",
        state={} if whole or getattr(row, "alias_of_id", None) else state_of(watching, row),
        stands=OUT,
        **more,
    )


def _start_round(now: datetime.datetime) -> None:
    rows = sum(watching.live().count() for watching in all_watched())
    with chain.writing() as book:
        last = book.standing("round", {})
        kept = last.get("kept", []) if last else []
        book.remember(
            "round",
            {
                "began": now.isoformat(),
                "ended": last.get("ended", "") if last else "",
                "going": True,
                "walk": asdict(Walk()),
                "walked": False,
                "kind": 0,
                "pk": 0,
                "rows": rows,
                "looked": 0,
                "found": [],
                "kept": kept,
                "chain": last.get("chain", "") if last else "",
                "foreign": last.get("foreign", 0) if last else 0,
            },
        )


def _go_on(count: int) -> bool:
    """A little of the round; whether it has ended."""
    with chain.reading() as book:
        going = book.standing("round") if book else None
    if not going or not going["going"]:
        return True
    found: list[Forged] = []
    kinds = all_watched()
    if not going["walked"]:
        with chain.reading() as book:
            walk, done = chain.walk_on(Walk(**going["walk"]), book, _LINKS)
            broken = walk.broken or (chain.ends_too_early(walk, book) if done else "")
            notes = look_at_notes(book) if done else []
        going |= {"walk": asdict(walk), "walked": done, "chain": broken, "foreign": walk.foreign}
        found = notes
        if broken:
            found.append(Forged(CHAIN, _("The audit chain is broken: %s.") % broken))
    elif going["kind"] < len(kinds):
        watching = kinds[going["kind"]]
        rows = list(watching.live().filter(pk__gt=going["pk"])[:count])
        found = look_twice(watching, rows)
        going["looked"] += len(rows)
        if len(rows) < count:
            found += look_for_missing(watching)
            going |= {"kind": going["kind"] + 1, "pk": 0}
        else:
            going["pk"] = rows[-1].pk
    else:
        found = look_at_schedule()
        going |= {"going": False, "ended": timezone.now().isoformat()}
    for each in found:
        log.error("Forged? %s (%s)", each.said, each.what)
    going["found"] = [*going["found"], *(asdict(each) for each in found)][:_MOST]
    if not going["going"]:
        _end(going)
    _keep(going, found)
    return not going["going"]


def _end(going: dict) -> None:
    going["kept"] = going["found"]
    log.info(
        "The hourly look: %s things looked at, %s wrong; %s entries in the audit chain, the last %s.",
        going["looked"],
        len(going["found"]),
        going["walk"]["seq"],
        going["walk"]["hash"][:16],
    )


def _keep(going: dict, found: list[Forged]) -> None:
    """What came to light is itself an entry, once for each thing and sentence."""
    with chain.writing() as book:
        for each in found:
            if each.what == CHAIN or each.what.startswith("entry "):
                continue
            last = book.latest_entry(each.what, MISMATCH)
            if last is None or last.label != each.said:
                book.append(Entry(chain.now(), MISMATCH, object=each.what, label=each.said))
        book.remember("round", going)


def findings(*, going: bool = False) -> list[Forged]:
    """What the last look found, and the one under way so far."""
    with chain.reading() as book:
        last = book.standing("round", {}) if book else {}
    said = last.get("found", []) if going else [*last.get("kept", []), *last.get("found", [])]
    return [Forged(*pair) for pair in dict.fromkeys((each["what"], each["said"]) for each in said)]


def last_round() -> dict[str, Any]:
    with chain.reading() as book:
        return (book.standing("round", {}) if book else {}) or {}


def accept(thing: str, reason: str, name: str = "") -> str:
    """Say that what readers get of ``thing`` (``page:12``) is right as it is, or that what the chain
    itself complains of is known (``chain``). Returns its name; LookupError when there is none."""
    note = {"reason": reason}
    if thing == CHAIN:
        chain.append(Entry(chain.now(), ACCEPT, name=name, object=CHAIN, note=note))
        return _("the audit chain")
    for watching in all_watched():
        kind, _colon, pk = thing.partition(":")
        if not pk.isdecimal() or watching.known_as(pk) != f"{kind}:{pk}":
            continue
        row = watching.live().filter(pk=pk).first()
        if row is not None:
            entry = _as_it_stands(watching, row, thing, ACCEPT, name=name, note=note)
            chain.append(entry)
            return str(row)
    raise LookupError(thing)


# --- in words --------------------------------------------------------------------------------


def alarms(now: datetime.datetime | None = None) -> list[str]:
    """For the first page of the admin, and the doctor."""
    now = now or timezone.now()
    try:
        said = [_("Look at this at once. %s") % found.said for found in findings()]
        waits = behind(now)
        last = last_round()
    except chain.AuditTrouble as trouble:
        if disk_is_full():
            return [
                _(
                    "The audit chain cannot be read while the disk is full. What is published is "
                    "copied to it when there is room."
                )
            ]
        return [
            _("The audit chain cannot be read (%s): nobody can say what was changed by whom.")
            % trouble
        ]
    if waits:
        said.append(
            _(
                "The audit chain cannot be written since %s. What is published is kept and will be "
                "copied; tell whoever looks after the server."
            )
            % date_format(timezone.localtime(waits), "j E H:i")
        )
    if last.get("foreign") and not _foreign_is_known():
        said.append(
            _(
                "Entries of the audit chain were sealed with another secret key: only their order "
                "can be verified."
            )
        )
    if last and now - datetime.datetime.fromisoformat(last["ended"] or last["began"]) > LATE:
        said.append(_("The hourly look for forged pages has not come to its end for three hours."))
    return said


def _foreign_is_known() -> bool:
    with chain.reading() as book:
        seq = book.latest_of(ACCEPT, CHAIN) if book else 0
        accepted = book.after(seq - 1, 1) if book and seq else []
    return bool(accepted) and accepted[0].key == chain.key_name()
