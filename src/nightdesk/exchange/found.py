"""What a reader of foreign material found in it, before anything is written to the site.

The readers (`copied_text`, `saved_html`, `archive`) know nothing of Django; `store` knows nothing of
pages. Between them goes a `FoundStory`: plain, frozen, and honest about what was assumed (`notes`)
and what is missing or unsure (`doubts`, which keep the story a draft).
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class FoundByline:
    """One name under the headline; `is_desk` for desks, agencies and offices, not persons."""

    name: str
    is_desk: bool = False


@dataclass(frozen=True)
class FoundText:
    """Clean HTML of one or more paragraphs: p h2 h3 b i a[href] ol ul li, nothing else."""

    html: str


@dataclass(frozen=True)
class FoundRelated:
    """The headline of another story, standing between the paragraphs. `url` is "" when unknown."""

    headline: str
    url: str = ""


@dataclass(frozen=True)
class FoundQuote:
    """A quotation set apart. All plain text; paragraphs of `text` are parted by a blank line."""

    text: str
    speaker: str = ""
    role: str = ""
    source: str = ""


@dataclass(frozen=True)
class FoundPicture:
    """A picture by its address; the readers never fetch it."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True)
class FoundTable:
    """Rows of plain text, all of the same length; `has_header` when the first row names columns."""

    rows: tuple[tuple[str, ...], ...]
    has_header: bool = False
    caption: str = ""


FoundPart = FoundText | FoundRelated | FoundQuote | FoundPicture | FoundTable


@dataclass(frozen=True)
class FoundStory:
    """A story as its source shows it. `slug` is its own last part of the address, "" if unknown.

    `published` is an aware datetime when the source names its zone (`zone_given`), a naive one when
    it gives only the time, a date when it gives no time, None when there is no date.
    `identity` names the story within its source for ever (an address, an archive's slug, or "" for
    "derive it from headline and date"); a second import with the same identity makes no double.
    """

    source: str
    headline: str = ""
    standfirst: str = ""
    bylines: tuple[FoundByline, ...] = ()
    published: datetime | date | None = None
    zone_given: bool = False
    updated: datetime | date | None = None
    section: str = ""
    topics: tuple[str, ...] = ()
    language: str = ""
    body: tuple[FoundPart, ...] = ()
    picture: FoundPicture | None = None
    identity: str = ""
    slug: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_a_story(self) -> bool:
        """False for a source of furniture and pictures only, and for scraps without a headline."""
        texts = [part for part in self.body if isinstance(part, FoundText | FoundQuote)]
        return bool(texts) and (
            bool(self.headline) or self.published is not None or len(repr(texts)) > 400
        )
