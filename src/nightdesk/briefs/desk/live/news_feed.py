"""The News Feed of one language, as the fast screen writes it."""

from __future__ import annotations

import datetime
import math
import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from nightdesk.briefs import actions
from nightdesk.briefs.desk.live.streams import (
    SHOWN,
    Correction,
    Entry,
    NotThereError,
    RefusedError,
    State,
    Stream,
    Words,
)
from nightdesk.briefs.models import Brief, BriefCorrection
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
        number = self._number(id)
        if locked:
            Brief.objects.select_for_update(no_key=True).filter(pk=number).first()
        brief = self._briefs(user).filter(pk=number).first()
        if brief is None:
            raise NotThereError(id)
        return self._entry(brief, user)

    def _entry(self, brief: Brief, user: Any) -> Entry:
        saved = brief.latest_revision
        newest = _words_saved(saved) if saved else _words(brief)
        state = _state(brief)
        return Entry(
            id=f"b{brief.pk}",
            words=_words(brief) if brief.live else newest,
            newest=newest,
            at=_moment(brief, state),
            state=state,
            by=first_name(saved.user) if saved and saved.user else "",
            by_whom=saved.user_id if saved else None,
            edit_url=reverse(Brief.snippet_viewset.get_url_name("edit"), args=[brief.pk]),
            public_url=brief.get_absolute_url() if brief.live else "",
            corrections=tuple(Correction(each.at, each.words) for each in brief.corrections.all()),
            undo_seconds=self._undo_seconds(brief, user, state),
        )

    def _undo_seconds(self, brief: Brief, user: Any, state: State) -> int:
        """Of what was sent just now, and was not corrected since: that would go with it."""
        if not self.may_publish(user) or brief.corrections.all():
            return 0
        left = actions.seconds_to_take_back(brief, user)
        if state is State.LIVE:
            out = (timezone.now() - brief.published_at).total_seconds()
            left = min(left, math.ceil(actions.UNDO.total_seconds() - out))
        return max(0, left)

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
                self._number(id),
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
            actions.take_back(self._number(id), by)
        except actions.TooLateError:
            raise RefusedError(
                _("It was too late to undo; nothing was changed. Correct or withdraw it.")
            ) from None
        return id

    def correct(self, id: str, words: Words, *, note: str, key: uuid.UUID, by: Any) -> str:
        said = {"text": words.text, "headline": words.headline, "source": words.source}
        try:
            if note:
                actions.correct_brief(self._number(id), **said, note=note, key=key, by=by)
            else:
                actions.mend_brief(self._number(id), **said, by=by)
        except actions.NotOutError:
            raise RefusedError(
                _("It was withdrawn meanwhile: there is nothing to correct. Nothing was published.")
            ) from None
        return id

    def has_corrected(self, key: uuid.UUID) -> bool:
        return BriefCorrection.objects.filter(key=key).exists()

    def withdraw(self, id: str, *, reason: str, key: uuid.UUID, by: Any) -> str:
        actions.withdraw_brief(self._number(id), by=by, key=key, reason=reason)
        return id

    def _number(self, id: str) -> int:
        if id[:1] != "b" or not id[1:].isdecimal() or len(id) > 19:
            raise NotThereError(id)
        return int(id[1:])


def _words(brief: Brief) -> Words:
    return Words(brief.text, brief.headline, brief.source)


def _words_saved(saved: Revision) -> Words:
    """Read from the version itself: making a brief of it asks for all it leads to."""
    content = saved.content
    return Words(content["text"], content["headline"], content["source"])


def _state(brief: Brief) -> State:
    if brief.live:
        return State.SCHEDULED if brief.published_at > timezone.now() else State.LIVE
    if brief.is_withdrawn:
        return State.WITHDRAWN
    return State.SCHEDULED if brief.scheduled_revision else State.DRAFT


def _moment(brief: Brief, state: State) -> datetime.datetime:
    if state is State.SCHEDULED and brief.scheduled_revision:
        return brief.scheduled_revision.approved_go_live_at
    if state is State.WITHDRAWN and brief.withdrawn_at:
        return brief.withdrawn_at
    return brief.published_at


def feeds() -> Iterator[Stream]:
    """One for each language, the main one first."""
    languages = dict(settings.LANGUAGES)
    for code, name in languages.items():
        feed = _("News Feed")
        yield NewsFeed(code, feed if len(languages) == 1 else f"{feed}: {name}")
