"""Switch a banner on, and off. The later one replaces the earlier; the history keeps both."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale
from wagtail.signals import page_unpublished, unpublished

from nightdesk.audit import follow
from nightdesk.audit.content import state_of, watch, watched
from nightdesk.fronts.breaking.links import Link
from nightdesk.fronts.breaking.models import Banner
from nightdesk.press import outbox
from nightdesk.press.printing.slots import fragment_path
from nightdesk.takedown import kinds

#: The piece of every page that shows it.
FRAGMENT = "breaking"
LASTS = datetime.timedelta(hours=2)
LONGEST = datetime.timedelta(hours=24)

ON = "nightdesk.breaking.on"
OFF = "nightdesk.breaking.off"
REPLACED = "nightdesk.breaking.replaced"
#: What it led to is not for readers any more.
ENDED = "nightdesk.breaking.ended"


@dataclass(frozen=True)
class Switched:
    """``banner`` is on; ``replaced`` was until then."""

    banner: Banner
    replaced: Banner | None = None


@transaction.atomic
def switch_on(
    key: uuid.UUID,
    language: str,
    text: str,
    link: Link = Link(),  # noqa: B008 - frozen
    *,
    lasts: datetime.timedelta = LASTS,
    by: Any = None,
) -> Switched:
    """Show ``text`` on every page of an edition from now on, for so long. ``key`` names this one
    banner: sent again, it changes nothing. ValueError when it would last longer than a day."""
    if not datetime.timedelta() < lasts <= LONGEST:
        raise ValueError("A breaking banner ends within a day.")
    # Of two editors at once, the second sees the first one's.
    locale = Locale.objects.select_for_update(no_key=True).get(language_code=language)
    if known := Banner.objects.filter(key=key).first():
        return Switched(known)
    now = timezone.now()
    running = list(Banner.running(now).filter(locale=locale).select_for_update(no_key=True))
    for earlier in running:
        _end(earlier, now, REPLACED, by)
    banner = Banner.objects.create(
        key=key,
        locale=locale,
        text=text,
        kind=link.kind,
        thing=link.thing,
        url=link.url,
        since=now,
        until=now + lasts,
        by=by,
    )
    _log(banner, ON, by)
    outbox.note(urgent=[fragment_path(FRAGMENT, language)])
    return Switched(banner, running[0] if running else None)


@transaction.atomic
def switch_off(pk: int, by: Any) -> bool:
    """End it now; whether it was still on. Raises ``Banner.DoesNotExist``."""
    banner = Banner.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    now = timezone.now()
    if not banner.is_running(now):
        return False
    _end(banner, now, OFF, by)
    outbox.note(urgent=[fragment_path(FRAGMENT, banner.locale.language_code)])
    return True


def end_with(thing: Any) -> None:
    """Readers may not read ``thing`` any more: no banner that led to it is shown from now on, nor
    when the thing is published again."""
    kind = kinds.of_model(type(thing))
    if kind is None:
        return
    now = timezone.now()
    with transaction.atomic():
        for banner in Banner.running(now).filter(kind=kind.name, thing=str(thing.pk)):
            _end(banner, now, ENDED, None)


def hold_to_the_chain() -> None:
    """The hourly look for forged pages looks at banners too: one that is on was switched on here,
    and says what it said then; one that was switched on within the longest that any lasts is still
    there, unless it was ended here. Who switched it on may leave the newsroom."""
    watch(
        Banner,
        settled=("by",),
        counts=("locale",),
        out=lambda: Banner.running(timezone.now()),
        stays=LONGEST,
    )
    follow.publishes(ON)
    for action in (OFF, REPLACED, ENDED):
        follow.withdraws(action)


def listen() -> None:
    for signal in (page_unpublished, unpublished):
        signal.connect(_when_unpublished, dispatch_uid="nightdesk.breaking")


def _when_unpublished(instance: Any, **_signal: object) -> None:
    end_with(instance)


def _end(banner: Banner, now: datetime.datetime, action: str, by: Any) -> None:
    banner.ended_at = now
    banner.save(update_fields=["ended_at"])
    _log(banner, action, by)


def _log(banner: Banner, action: str, by: Any) -> None:
    """With its words: the history is what is left of a banner."""
    data: dict[str, Any] = {"until": banner.until.isoformat()}
    if action == ON and (watching := watched(Banner)):
        data[follow.STATE] = state_of(watching, banner)
    log(
        instance=banner,
        action=action,
        user=by,
        title=f"{banner.text} ({banner.locale.language_code})",
        data=data,
    )
