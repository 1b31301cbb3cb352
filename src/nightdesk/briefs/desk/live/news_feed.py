"""The News Feed of one language, as the fast screen writes it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from nightdesk.briefs import actions
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
from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.briefs.taking_back import TooLateError, seconds_to_take_back
from nightdesk.editing.versions import first_name
from nightdesk.press.addresses import address


class NewsFeed(Stream):
    def __init__(self, language: str, label: str) -> None:
        self.language = language
        self.name = f"news-feed.{language}"
        self.label = label
        self.public_url = address("news_feed", language)

    def may_write(self, user: Any) -> bool:
        return bool(user.has_perm("briefs.add_brief"))

    def may_publish(self, user: Any) -> bool:
        return bool(user.has_perm("briefs.publish_brief"))

    def _briefs(self, user: Any) -> QuerySet[Brief]:
        found = (
            Brief.objects.filter(locale__language_code=self.language)
            .select_related("locale", "latest_revision__user")
            .prefetch_related("corrections")
            .order_by("-published_at", "-pk")
        )
        if not self.may_publish(user):
            found = found.filter(Q(live=True) | Q(latest_revision__user=user))
        return found

    def entries(self, user: Any) -> list[Entry]:
        return [self._entry(brief, user) for brief in self._briefs(user)[:SHOWN]]

    def entry(self, id: str, user: Any, *, locked: bool = False) -> Entry:
        number = number_in(id, "b")
        if locked:
            Brief.objects.select_for_update(no_key=True).filter(pk=number).first()
        brief = self._briefs(user).filter(pk=number).first()
        if brief is None:
            raise NotThereError(id)
        return self._entry(brief, user)

    def _entry(self, brief: Brief, user: Any) -> Entry:
        saved = brief.latest_revision
        newest = words_saved(saved) if saved else _words(brief)
        state = state_of(brief)
        return Entry(
            id=f"b{brief.pk}",
            words=_words(brief) if brief.live else newest,
            newest=newest,
            at=moment_of(brief, state),
            state=state,
            by=first_name(saved.user) if saved and saved.user else "",
            by_whom=saved.user_id if saved else None,
            edit_url=reverse(Brief.snippet_viewset.get_url_name("edit"), args=[brief.pk]),
            public_url=brief.get_absolute_url() if brief.live else "",
            corrections=tuple(Correction(each.at, each.words) for each in brief.corrections.all()),
            undo_seconds=self._undo_seconds(brief, user),
        )

    def _undo_seconds(self, brief: Brief, user: Any) -> int:
        """Of what was sent just now, and was not corrected since: that would go with it."""
        if not self.may_publish(user) or brief.corrections.all():
            return 0
        return seconds_to_take_back(brief, user)

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
        sent = Brief.objects.filter(translation_key=key, locale__language_code=self.language)
        if brief := sent.first():
            # Perhaps withdrawn since: a phone that comes back from a tunnel does not undo that.
            return f"b{brief.pk}"
        brief, _done = actions.send_brief(
            key,
            self.language,
            words.text,
            source=words.source,
            headline=words.headline,
            at=at,
            by=by,
            publish=publish,
        )
        return f"b{brief.pk}"

    def change_draft(self, id: str, words: Words, *, by: Any, publish: bool) -> str:
        try:
            actions.change_draft(
                number_in(id, "b"),
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

    def take_back(self, id: str, *, by: Any) -> str:
        try:
            actions.take_back(number_in(id, "b"), by)
        except TooLateError:
            raise RefusedError(
                _("It was too late to undo; nothing was changed. Correct or withdraw it.")
            ) from None
        return id

    def correct(self, id: str, words: Words, *, note: str, key: uuid.UUID, by: Any) -> str:
        said = {"text": words.text, "headline": words.headline, "source": words.source}
        try:
            if note:
                actions.correct_brief(number_in(id, "b"), **said, note=note, key=key, by=by)
            else:
                actions.mend_brief(number_in(id, "b"), **said, by=by)
        except actions.NotOutError:
            raise RefusedError(
                _("It was withdrawn meanwhile: there is nothing to correct. Nothing was published.")
            ) from None
        return id

    def has_corrected(self, key: uuid.UUID) -> bool:
        return BriefCorrection.objects.filter(key=key).exists()

    def withdraw(self, id: str, *, reason: str, key: uuid.UUID, by: Any) -> str:
        actions.withdraw_brief(number_in(id, "b"), by=by, key=key, reason=reason)
        return id


def _words(brief: Brief) -> Words:
    return Words(brief.text, brief.headline, brief.source)


def feeds() -> Iterator[Stream]:
    """One for each language, the main one first."""
    languages = dict(settings.LANGUAGES)
    for code, name in languages.items():
        feed = _("News Feed")
        yield NewsFeed(code, feed if len(languages) == 1 else f"{feed}: {name}")
