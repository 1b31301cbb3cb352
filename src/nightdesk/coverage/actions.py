"""What is done with a coverage and its updates.

Every verb that somebody may send from a telephone on a train takes a ``key``, made where the words
were written: sent again, it finds what it did the first time and does nothing more.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Locale

from nightdesk.briefs.actions import NotADraftError
from nightdesk.briefs.models import Brief
from nightdesk.briefs.taking_back import TooLateError, may_be_taken_back
from nightdesk.coverage.models import Coverage, CoverageByline, Entry, EntryByline, EntryCorrection
from nightdesk.coverage.models.coverage import RESERVED_SLUGS
from nightdesk.media.models import Picture
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.protecting.names import is_gone
from nightdesk.stories.models import StoryPage, Topic

END, REOPEN = "nightdesk.coverage.end", "nightdesk.coverage.reopen"
PIN, UNPIN = "nightdesk.coverage.pin", "nightdesk.coverage.unpin"
MARK, UNMARK = "nightdesk.coverage.mark", "nightdesk.coverage.unmark"
CORRECT, WITHDRAW = "nightdesk.coverage.correct", "nightdesk.coverage.withdraw"

_web_address = URLValidator(schemes=("http", "https"))


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the update since it was shown to who corrects it now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry} was changed meanwhile.")
        self.entry = entry


@transaction.atomic
def start_coverage(
    key: uuid.UUID,
    language: str,
    headline: str,
    *,
    slug: str = "",
    standfirst: str = "",
    summary: str = "",
    topics: Iterable[Topic] = (),
    signed_by: Iterable[Author | Desk] = (),
    picture: Picture | None = None,
    takes_briefs: bool = False,
    at: datetime.datetime | None = None,
    by: User | None = None,
    publish: bool = True,
) -> tuple[Coverage, bool]:
    """Begin to cover an event. Returns the coverage, and whether it was begun now."""
    if known := Coverage.objects.filter(key=key).first():
        return known, False
    locale = Locale.objects.get(language_code=language)
    coverage = Coverage(
        key=key,
        locale=locale,
        headline=headline,
        slug=free_slug(slug or headline, locale),
        standfirst=standfirst,
        summary=summary,
        picture=picture,
        takes_briefs=takes_briefs,
        started_at=at or timezone.now(),
        live=False,
    )
    coverage.topics = list(topics)
    coverage.bylines = [
        CoverageByline(**{who._meta.model_name: who}, sort_order=place)
        for place, who in enumerate(signed_by)
    ]
    coverage.save()
    revision = coverage.save_revision(user=by, log_action=True)
    if publish:
        revision.publish(user=by)
        coverage.refresh_from_db()
    return coverage, True


def free_slug(words: str, locale: Locale, but: Coverage | None = None) -> str:
    """An address that no other coverage of the edition has, nor may have."""
    wanted = slugify(words, allow_unicode=True)[:100].strip("-") or "coverage"
    taken = Coverage.objects.filter(locale=locale)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    slug, number = wanted, 1
    while (
        slug in RESERVED_SLUGS
        or taken.filter(slug=slug).exists()
        or is_gone(Coverage(locale=locale, slug=slug).plain_path)
    ):
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def end_coverage(pk: int, *, by: User | None = None) -> Coverage:
    """Say on its page that no more updates come; open pages stop asking for them."""
    return _set_end(pk, timezone.now(), END, by)


def reopen_coverage(pk: int, *, by: User | None = None) -> Coverage:
    return _set_end(pk, None, REOPEN, by)


@transaction.atomic
def _set_end(pk: int, at: datetime.datetime | None, action: str, by: User | None) -> Coverage:
    coverage = Coverage.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if bool(coverage.ended_at) != bool(at):
        coverage.ended_at = at
        coverage.save(update_fields=["ended_at"])
        log(instance=coverage, action=action, user=by)
    return coverage


@transaction.atomic
def send_entry(
    key: uuid.UUID,
    coverage_pk: int,
    text: str,
    *,
    headline: str = "",
    source: str = "",
    source_url: str = "",
    authors: Iterable[Author | Desk] = (),
    story: StoryPage | None = None,
    picture: Picture | None = None,
    at: datetime.datetime | None = None,
    by: User | None = None,
    publish: bool = True,
) -> tuple[Entry, bool]:
    """Write an update and publish it now, or at a time to come, or leave it as a draft.

    ``key`` names this one update: sent again, it answers with the one that is there, and one that
    was taken back goes out with the words as they are now. Returns it, and whether anything was
    done. Raises ``Coverage.DoesNotExist``; ``ValidationError`` for a link that is none.
    """
    if source_url:
        _web_address(source_url)
    coverage = Coverage.objects.get(pk=coverage_pk)
    now = timezone.now()
    later = at if at and at > now else None
    words = {"text": text, "headline": headline, "source": source, "source_url": source_url}
    fields = {**words, "story": story, "picture": picture}
    entry, new = Entry.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        key=key,
        defaults={**fields, "coverage": coverage, "published_at": later or now, "live": False},
    )
    if not new:
        said = {name: getattr(entry, name) for name in words}
        if entry.live or entry.scheduled_revision or (said == words and not publish):
            return entry, False
        for name, value in fields.items():
            setattr(entry, name, value)
        entry.published_at = later or now
    entry.bylines = [EntryByline.of(who, place) for place, who in enumerate(authors)]
    entry.go_live_at = later
    entry.save()
    _write(entry, by, publish)
    return entry, True


@transaction.atomic
def change_draft(
    pk: int, *, text: str, headline: str, source: str, by: User, publish: bool
) -> Entry:
    """Give a draft new words, and publish it now if ``publish``. What else its last version says
    stays. ``NotADraftError``; ``Entry.DoesNotExist``."""
    row = _held(pk)
    if row.live or (row.scheduled_revision and not publish):
        raise NotADraftError
    entry = row.get_latest_revision_as_object()
    entry.text, entry.headline, entry.source = text, headline, source
    if publish:
        # Also of one that was to go out later.
        entry.published_at, entry.go_live_at = timezone.now(), None
    else:
        row.text, row.headline, row.source = text, headline, source
        row.save(update_fields=["text", "headline", "source"])
    _write(entry, by, publish)
    return Entry.objects.get(pk=pk)


@transaction.atomic
def publish_entry(pk: int, *, at: datetime.datetime | None = None, by: User | None = None) -> Entry:
    """Let a draft out as its newest version says, now or at ``at``. One that is out stays. Raises
    ``ValueError`` for one without words: the brief that it was is deleted."""
    entry = _held(pk)
    if entry.live:
        return entry
    if not entry.shown_text.strip():
        raise ValueError("There are no words to publish.")
    latest = entry.get_latest_revision_as_object()
    now = timezone.now()
    latest.go_live_at = at if at and at > now else None
    latest.published_at = latest.go_live_at or now
    _write(latest, by, publish=True)
    return latest


def _held(pk: int) -> Entry:
    """The row, until the end of the transaction nobody else's."""
    return Entry.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _write(entry: Entry, by: User | None, publish: bool) -> None:
    revision = entry.save_revision(user=by, log_action=True)
    if publish:
        revision.publish(user=by)
        entry.refresh_from_db()


@transaction.atomic
def correct_entry(
    pk: int,
    *,
    text: str,
    headline: str | None = None,
    source: str | None = None,
    note: str = "",
    key: uuid.UUID,
    by: User | None = None,
    made_from: int | None = None,
) -> Entry:
    """Say it right. ``headline`` and ``source`` stay as they are when None. ``note`` is what readers are told about it, with the time; without one it was
    a slip of the pen, and nothing is said. Readers learn nothing of what is corrected in a draft.

    ``made_from``: the id of the version (`latest_revision_id`) that was shown to who corrects.
    Raises ``ChangedMeanwhileError`` when there is a newer one, ``Entry.DoesNotExist``.
    """
    entry = _held(pk)
    text, note = text.strip(), note.strip()
    headline = entry.headline if headline is None else headline.strip()
    if not text:
        raise ValueError("An update without words says nothing. Withdraw it instead.")
    if EntryCorrection.objects.filter(key=key).exists():
        return entry
    source = entry.source if source is None else source.strip()
    if (entry.text, entry.headline, entry.source) == (text, headline, source) and not note:
        return entry
    if made_from is not None and made_from != entry.latest_revision_id:
        raise ChangedMeanwhileError(entry)
    entry.text, entry.headline, entry.source = text, headline, source
    if entry.live:
        if note:
            EntryCorrection.objects.create(entry=entry, key=key, words=note)
        log(instance=entry, action=CORRECT, user=by, data={"note": note})
    elif planned := entry.scheduled_revision:
        entry.go_live_at = planned.approved_go_live_at
    _write(entry, by, publish=entry.live or entry.scheduled_revision is not None)
    if not entry.live and entry.scheduled_revision is None:
        entry.save()
    return entry


@transaction.atomic
def withdraw_entry(pk: int, *, key: uuid.UUID, by: User | None = None, reason: str = "") -> Entry:
    """Take it from readers; open pages say when. Its words stay in the desk. ``reason`` is for the
    log alone. A key that has withdrawn it once does not do so again."""
    entry = _held(pk)
    if entry.withdrawal_key == key:
        return entry
    entry.withdrawal_key = key
    _withdraw(entry, by)
    log(instance=entry, action=WITHDRAW, user=by, data={"reason": reason} if reason else None)
    return entry


def _withdraw(entry: Entry, by: User | None) -> None:
    """Out of readers' sight, and off the schedule."""
    if entry.live:
        entry.unpublish(user=by)
    else:
        entry.revisions.update(approved_go_live_at=None)
        entry.go_live_at = None
        entry.save()


@transaction.atomic
def take_back(pk: int, by: User) -> Entry:
    """Withdraw what ``by`` sent a moment ago; its words remain as a draft. Raises ``TooLateError``
    when it was not a moment ago, was sent by somebody else or was changed since."""
    entry = _held(pk)
    if not may_be_taken_back(entry, by):
        raise TooLateError
    _withdraw(entry, by)
    return entry


def pin_entry(pk: int, on: bool, *, by: User | None = None) -> Entry:
    """Keep it on top of the page, whatever comes; or no longer."""
    return _mark(pk, "pinned", on, PIN if on else UNPIN, by)


def mark_key(pk: int, on: bool, *, by: User | None = None) -> Entry:
    """A key moment: the top of the page leads to it."""
    return _mark(pk, "is_key", on, MARK if on else UNMARK, by)


@transaction.atomic
def _mark(pk: int, name: str, on: bool, action: str, by: User | None) -> Entry:
    entry = _held(pk)
    if getattr(entry, name) != on:
        setattr(entry, name, on)
        entry.save(update_fields=[name])
        log(instance=entry, action=action, user=by)
    return entry


@transaction.atomic
def take_in(coverage_pk: int, brief_pk: int, *, by: User | None = None) -> Entry:
    """Show a brief of the News Feed among the updates, at its own time. Once taken in and
    withdrawn by an editor, it comes back by this verb alone."""
    coverage = Coverage.objects.get(pk=coverage_pk)
    brief = Brief.objects.get(pk=brief_pk)
    entry, _new = Entry.objects.get_or_create(
        coverage=coverage,
        brief=brief,
        defaults={"published_at": brief.published_at, "live": False},
    )
    if brief.live and not entry.live:
        if entry.withdrawal_key:
            entry.withdrawal_key = None
            entry.save(update_fields=["withdrawal_key"])
        entry.published_at = brief.published_at
        _write(entry, by, publish=True)
    return entry
