"""What a link to a page looks like when it is shared: Open Graph, and the card tags of X."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nightdesk.media.models import Picture
from nightdesk.press.addresses import absolute
from nightdesk.syndication.structured import pictures

#: The size of the crop that the darkroom makes for shared links.
CARD_SIZE = (1200, 630)

#: Open Graph wants a territory with the language; readers of a language are not in one.
_LOCALES = {"en": "en_US", "uk": "uk_UA", "ar": "ar_AR", "he": "he_IL", "fa": "fa_IR"}


@dataclass(frozen=True)
class Card:
    """A page as others show it. ``article`` holds the tags of Open Graph's article vocabulary."""

    kind: str
    title: str
    description: str
    url: str
    language: str
    picture: Picture | None = None
    article: tuple[tuple[str, str], ...] = ()

    def tags(self) -> SafeString:
        """The ``<meta>`` elements, each on a line."""
        properties = [
            ("og:type", self.kind),
            ("og:site_name", settings.WAGTAIL_SITE_NAME),
            ("og:title", self.title),
            ("og:description", self.description),
            ("og:url", self.url),
            ("og:locale", _LOCALES.get(self.language, f"{self.language}_{self.language.upper()}")),
            *self._picture(),
            *self.article,
        ]
        shown = pictures(self.picture)[:1]
        names = [
            ("twitter:card", "summary_large_image" if shown else "summary"),
            ("twitter:title", self.title),
            ("twitter:description", self.description),
            *(("twitter:image", path) for path in shown),
            *(("twitter:image:alt", self.picture.alt) for _path in shown),
        ]
        return format_html(
            "{}\n{}",
            _lines('<meta property="{}" content="{}">', properties),
            _lines('<meta name="{}" content="{}">', names),
        )

    def _picture(self) -> list[tuple[str, str]]:
        shown = pictures(self.picture)[:1]
        if not shown:
            return []
        found = [("og:image", shown[0]), ("og:image:type", "image/jpeg")]
        if self.picture.card:
            width, height = CARD_SIZE
            found += [("og:image:width", str(width)), ("og:image:height", str(height))]
        return [*found, ("og:image:alt", self.picture.alt)]


def _lines(template: str, pairs: list[tuple[str, str]]) -> SafeString:
    return format_html_join("\n", template, (pair for pair in pairs if pair[1]))


def full(path: str | None) -> str:
    return absolute(path or "/")
