"""What stands around the blocks of an edition, in the newsletter's language."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.models import Page

from nightdesk.newsletters.models import Edition
from nightdesk.press.addresses import absolute
from nightdesk.press.dependencies import collection
from nightdesk.stories.indexes import fronts
from nightdesk.theme import dates


@dataclass(frozen=True)
class Furniture:
    """``token`` stands in for the reader's own in two links. ``corrects``: a line about the edition
    that this one corrects, empty for all others."""

    language: str
    right_to_left: bool
    newsroom: str
    home: str
    newsletter: str
    subject: str
    preheader: str
    date: str
    corrects: str
    why: str
    contact: tuple[str, ...]
    archive: str
    unsubscribe: str
    yours: str


@contextmanager
def in_its_language(edition: Edition) -> Iterator[None]:
    """In the newsletter's language and on its clock."""
    newsletter = edition.newsletter
    with translation.override(newsletter.language), timezone.override(newsletter.zone):
        yield


def furniture(edition: Edition, token: str, preheader: str, now: datetime.datetime) -> Furniture:
    """Within `in_its_language`."""
    newsletter = edition.newsletter
    language = newsletter.language
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    name = newsroom(language)
    return Furniture(
        language=language,
        right_to_left=bool(translation.get_language_info(language)["bidi"]),
        newsroom=name,
        home=absolute(f"{prefix}/"),
        newsletter=newsletter.name,
        subject=edition.subject,
        preheader=edition.preheader or preheader,
        date=day(edition.started_at or now),
        corrects=corrects(edition),
        why=gettext("You get this email because you subscribed to %(newsletter)s from %(name)s.")
        % {"newsletter": newsletter.name, "name": name},
        contact=tuple(filter(None, map(str.strip, newsletter.contact_words.splitlines()))),
        archive=absolute(edition.get_absolute_url()),
        unsubscribe=absolute(f"{prefix}/newsletters/unsubscribe/{token}/"),
        yours=absolute(f"{prefix}/newsletters/yours/{token}/"),
    )


def day(moment: datetime.datetime) -> str:
    return dates.date(moment)


def corrects(edition: Edition) -> str:
    """“A correction to “…”, which we sent you on 5 May.”"""
    first = edition.corrects
    if first is None:
        return ""
    return gettext("A correction to “%(subject)s”, which we sent you on %(date)s.") % {
        "subject": first.subject,
        "date": day(first.started_at or first.created_at),
    }


def newsroom(language: str) -> str:
    """The newsroom's name in a language: its front page's."""
    with collection("homes"):
        pages = fronts(Page.objects.live(), 2).filter(locale__language_code=language)
        found = pages.values_list("title", flat=True).first()
    return found or settings.WAGTAIL_SITE_NAME
