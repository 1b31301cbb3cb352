"""The coverage of an event, as the fast screen writes it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nightdesk.briefs.desk.live.states import moment_of, number_in, state_of, words_saved
from nightdesk.briefs.desk.live.streams import (
    SHOWN,
    Correction,
    Entry,
    NotThereError,
    RefusedError,
    Stream,
    Words,
)
from nightdesk.briefs.models import Brief
from nightdesk.briefs.taking_back import TooLateError, seconds_to_take_back
from nightdesk.coverage import actions
from nightdesk.coverage.models import Coverage, EntryCorrection
from nightdesk.coverage.models import Entry as Update
from nightdesk.editing.versions import first_name
from nightdesk.people.models import Author

#: So long after its end a coverage is still offered: what was wrong is found in the morning.
AFTERWARDS = datetime.timedelta(hours=24)


class CoverageStream(Stream):
    marks = True

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.name = f"coverage.{coverage.pk}"
        self.language = coverage.locale.language_code
        self.public_url = coverage.get_absolute_url()
        ended = "" if coverage.is_under_way else f" ({_('ended')})"
        self.label = f"{coverage.headline}{ended}"

    def may_write(self, user: Any) -> bool:
        return bool(user.has_perm("coverage.add_entry"))

    def may_publish(self, user: Any) -> bool:
        return bool(user.has_perm("coverage.publish_entry"))

    def signs_as(self, user: Any) -> str:
        author = self._author(user)
        return author.name if author else ""

    def _author(self, user: Any) -> Author | None:
        """The name of this account in the language of the coverage."""
        own = user.author
        if own is None or own.locale_id == self.coverage.locale_id:
            return own
        return own.get_translation_or_none(self.coverage.locale)

    def _updates(self, user: Any) -> QuerySet[Update]:
        found = (
            Update.objects.filter(coverage=self.coverage)
            .select_related("latest_revision__user", "brief__locale")
            .prefetch_related("corrections", "brief__corrections")
            .order_by("-published_at", "-pk")
        )
        if not self.may_publish(user):
            found = found.filter(Q(live=True) | Q(latest_revision__user=user))
        return found

    def entries(self, user: Any) -> list[Entry]:
        return [self._entry(update, user) for update in self._updates(user)[:SHOWN]]

    def entry(self, id: str, user: Any, *, locked: bool = False) -> Entry:
        number = number_in(id, "e")
        if locked:
            Update.objects.select_for_update(of=("self",), no_key=True).filter(pk=number).first()
        update = self._updates(user).filter(pk=number).first()
        if update is None:
            raise NotThereError(id)
        return self._entry(update, user)

    def _entry(self, update: Update, user: Any) -> Entry:
        # They are the same row for all of them.
        update.coverage = self.coverage
        saved = update.latest_revision
        state = state_of(update)
        own = words_saved(saved) if saved and not update.brief_id else None
        words = Words(update.said.text, update.said.headline, update.said.source)
        if own and not update.live:
            words = own
        form = reverse(Update.snippet_viewset.get_url_name("edit"), args=[update.pk])
        if update.brief_id:
            form = reverse(Brief.snippet_viewset.get_url_name("edit"), args=[update.brief_id])
        return Entry(
            id=update.item_id,
            words=words,
            newest=own or words,
            at=moment_of(update, state),
            state=state,
            by=first_name(saved.user) if saved and saved.user else "",
            by_whom=saved.user_id if saved else None,
            edit_url=form,
            public_url=update.get_absolute_url() if update.live else "",
            undo_seconds=self._undo_seconds(update, user),
            corrections=tuple(
                Correction(row.at, row.words) for row in update.said.corrections.all()
            ),
            pinned=update.pinned,
            key_entry=update.is_key,
            borrowed=bool(update.brief_id),
        )

    def _undo_seconds(self, update: Update, user: Any) -> int:
        """Of what was sent just now, and was not corrected since: that would go with it."""
        if update.brief_id or not self.may_publish(user) or update.corrections.all():
            return 0
        return seconds_to_take_back(update, user)

    def send(
        self,
        key: uuid.UUID,
        words: Words,
        *,
        by: Any,
        publish: bool,
        at: datetime.datetime | None = None,
        signed: bool = False,
    ) -> str:
        if update := Update.objects.filter(key=key, coverage=self.coverage).first():
            # Perhaps withdrawn since: a phone that comes back from a tunnel does not undo that.
            return update.item_id
        if not self.coverage.is_under_way:
            raise RefusedError(
                _("This coverage has ended. Open it again first; nothing was published.")
            )
        author = self._author(by) if signed else None
        update, _done = actions.send_entry(
            key,
            self.coverage.pk,
            words.text,
            headline=words.headline,
            source=words.source,
            authors=[author] if author else [],
            at=at,
            by=by,
            publish=publish,
        )
        return update.item_id

    def change_draft(self, id: str, words: Words, *, by: Any, publish: bool) -> str:
        try:
            actions.change_draft(
                self._own(id),
                text=words.text,
                headline=words.headline,
                source=words.source,
                by=by,
                publish=publish,
            )
        except actions.NotADraftError:
            raise RefusedError(
                _("Readers have it already. Correct it; nothing was changed.")
            ) from None
        return id

    def correct(self, id: str, words: Words, *, note: str, key: uuid.UUID, by: Any) -> str:
        update = Update.objects.get(pk=self._own(id))
        if update.brief_id:
            raise RefusedError(_("It is a brief: correct it in the News Feed."))
        if not update.live:
            raise RefusedError(
                _("It was withdrawn meanwhile: there is nothing to correct. Nothing was published.")
            )
        actions.correct_entry(
            update.pk,
            text=words.text,
            headline=words.headline,
            source=words.source,
            note=note,
            key=key,
            by=by,
        )
        return id

    def has_corrected(self, key: uuid.UUID) -> bool:
        return EntryCorrection.objects.filter(key=key).exists()

    def withdraw(self, id: str, *, reason: str, key: uuid.UUID, by: Any) -> str:
        actions.withdraw_entry(self._own(id), key=key, by=by, reason=reason)
        return id

    def take_back(self, id: str, *, by: Any) -> str:
        try:
            actions.take_back(self._own(id), by)
        except TooLateError:
            raise RefusedError(
                _("It was too late to undo; nothing was changed. Correct or withdraw it.")
            ) from None
        return id

    def pin(self, id: str, on: bool, *, by: Any) -> str:
        actions.pin_entry(self._own(id), on, by=by)
        return id

    def mark_key(self, id: str, on: bool, *, by: Any) -> str:
        actions.mark_key(self._own(id), on, by=by)
        return id

    def _own(self, id: str) -> int:
        """Its number, when it is one of this coverage."""
        number = number_in(id, "e")
        if not Update.objects.filter(pk=number, coverage=self.coverage).exists():
            raise NotThereError(id)
        return number


def coverages() -> Iterator[Stream]:
    """What is being covered, the latest begun first; what has ended lately after it."""
    recent = Q(ended_at=None) | Q(ended_at__gte=timezone.now() - AFTERWARDS)
    found = Coverage.objects.filter(recent, live=True).select_related("locale")
    for coverage in sorted(
        found.order_by("-started_at", "-pk"), key=lambda one: not one.is_under_way
    ):
        yield CoverageStream(coverage)
