"""What the theme's templates ask for: assets, icons, dates, the edition they belong to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.models import Page

from nightdesk.press.addresses import absolute
from nightdesk.press.dependencies import collection
from nightdesk.stories.editions import editions_of
from nightdesk.stories.indexes import fronts
from nightdesk.theme import assets, dates

register = template.Library()

#: Languages whose letters are in the theme's Cyrillic font files.
CYRILLIC = frozenset({"be", "bg", "ru", "uk"})
#: Languages that are set in the reader's own fonts.
OWN_FONTS = frozenset({"ar", "fa", "he", "ka"})
#: Longer titles are cut in tabs and in lists of search results.
TITLE_LENGTH = 70
#: What a page can be about, by the name its template knows it under.
SUBJECTS = ("page", "author", "desk", "topic", "brief", "translated")


@register.simple_tag
def asset(name: str) -> str:
    """``{% asset "css/nightdesk.css" %}`` → its address, which changes with its content."""
    return assets.asset(name).url


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from ``assets/icons/``, inline and silent: a word beside it says what it means."""
    return mark_safe(assets.text(f"icons/{name}.svg").strip())


@register.simple_tag
def preload_fonts() -> SafeString:
    """The two fonts that the first screen needs, asked for before the style sheet has arrived."""
    language = (translation.get_language() or "en").partition("-")[0]
    if language in OWN_FONTS:
        return mark_safe("")
    script = "cyrillic" if language in CYRILLIC else "latin"
    return format_html_join(
        "\n",
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>',
        ((assets.asset(f"fonts/{voice}-{script}.woff2").url,) for voice in ("headline", "text")),
    )


@dataclass(frozen=True)
class Edition:
    """The paper in one language: what it is called, and where its front page is."""

    language: str
    name: str
    url: str

    @property
    def length_class(self) -> str:
        """How large the name can be set in the masthead, on one line of a phone if it is short.
        Letters that are not Latin are taken for a tenth wider."""
        letters = len(self.name) + 0.1 * sum(not letter.isascii() for letter in self.name)
        return "wordmark--very-long" if letters > 32 else "wordmark--long" if letters > 20 else ""


@register.simple_tag
def edition() -> Edition:
    """The edition that this page belongs to. It is called what its home page is called."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    with collection("homes"):
        home = (
            fronts(Page.objects.live(), 2)
            .filter(locale__language_code=language)
            .values_list("title", flat=True)
            .first()
        )
    url = "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
    return Edition(language, home or settings.WAGTAIL_SITE_NAME, url)


@dataclass(frozen=True)
class OtherLanguage:
    """Another language's edition: of this very page when ``same`` is true, else its front page."""

    code: str
    name: str
    url: str
    same: bool


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[OtherLanguage]:
    """The newsroom's other languages, each with this page's translation if readers may read it."""
    here = translation.get_language()
    thing = next((context[name] for name in SUBJECTS if context.get(name)), None)
    translated = dict(editions_of(thing)) if thing else {}
    with collection("homes"):
        open_editions = set(
            fronts(Page.objects.live(), 2).values_list("locale__language_code", flat=True)
        )
    return [
        OtherLanguage(
            code,
            name,
            translated.get(code) or ("/" if code == settings.LANGUAGE_CODE else f"/{code}/"),
            code in translated,
        )
        for code, name in settings.LANGUAGES
        if code != here and code in open_editions
    ]


@register.simple_tag(takes_context=True)
def page_address(context: template.Context) -> str:
    """This page's one full address, without anything after a question mark."""
    request = context.get("request")
    return absolute(request.path) if request else settings.PUBLIC_URL


@register.simple_tag
def full_address(path: str) -> str:
    """A path, such as a picture's, as a full address."""
    return path if path.startswith(("http://", "https://")) else absolute(path)


@register.simple_tag
def page_title(title: str, name: str) -> str:
    """What stands in the browser's tab: the newsroom's name is added while there is room for it."""
    whole = f"{title} – {name}"
    return whole if len(whole) <= TITLE_LENGTH else title


@register.simple_tag
def noindex() -> bool:
    """Whether search engines are asked to stay away from this newsroom."""
    return settings.NIGHTDESK["NIGHTDESK_NOINDEX"]


@register.simple_tag
def language_direction(code: str) -> str:
    return "rtl" if translation.get_language_info(code)["bidi"] else "ltr"


@register.filter
def is_same_day(moment: datetime.datetime, other: datetime.datetime) -> bool:
    return timezone.localdate(moment) == timezone.localdate(other)


@register.filter
def day_of(moment: datetime.datetime | datetime.date) -> str:
    """A day as a heading: "Wednesday, March 8, 2023"."""
    return dates.day(moment)


@register.simple_tag
def moment(when: datetime.datetime | None, style: str = "full") -> SafeString:
    """A ``<time>`` element: ``full`` date, time and zone; ``date``; ``short`` date; ``time``."""
    if when is None:
        return mark_safe("")
    shown = {
        "full": lambda: f"{dates.date(when)} {dates.time(when)} {dates.zone(when)}",
        "date": lambda: dates.date(when),
        "short": lambda: dates.short_date(when),
        "time": lambda: dates.time(when),
    }[style]()
    local = timezone.localtime(when).replace(microsecond=0)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), shown)


@register.filter
def by_day(rows: list[Any]) -> list[tuple[datetime.datetime, list[Any]]]:
    """Rows of a feed, newest first, as (a moment of the day, that day's rows)."""
    days: list[tuple[datetime.datetime, list[Any]]] = []
    for row in rows:
        if days and is_same_day(days[-1][0], row.at):
            days[-1][1].append(row)
        else:
            days.append((row.at, [row]))
    return days


@register.filter
def iso_day(moment: datetime.datetime) -> str:
    """2023-03-08"""
    return timezone.localdate(moment).isoformat()


@register.filter
def kickers(story: Any) -> list[str]:
    """What stands above a headline: that it was retracted, the kind of journalism when it is not
    news, and the kicker."""
    found = [gettext("Retracted") if story.retracted else "", story.shown_kind, story.kicker]
    return list(dict.fromkeys(word for word in found if word))
