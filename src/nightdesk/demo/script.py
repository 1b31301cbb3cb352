"""The demo newsroom as its editors wrote it: files in, plain records out, no database.

`newsroom.toml` names sections, authors, topics and newsletters, `briefs.toml` the News Feed,
`coverage.toml` what is covered as it happens,
`stories/<slug>.md` one story each; `newsroom.uk.toml`, `briefs.uk.toml` and `stories/uk/` are the
Ukrainian edition, whose slugs are those of what they translate. `pictures.toml` describes the
pictures in `pictures/`.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nightdesk.demo import moments
from nightdesk.demo.markup import Block, MarkupError, read_body

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "uk")

#: Puts words for dates into a text of a moment and a language: `moments.set_dates` or its like.
Say = Callable[[str, datetime, str], str]


@dataclass(frozen=True, slots=True)
class Correction:
    kind: str
    words: str
    place: str = "below"


@dataclass(frozen=True, slots=True)
class Story:
    """``earlier``: (words as they are now, words as they were first published). ``corrections``
    came with the update."""

    slug: str
    kicker: str
    headline: str
    standfirst: str
    section: str
    kind: str
    bylines: tuple[str, ...]
    topics: tuple[str, ...]
    published: datetime
    body: tuple[Block, ...]
    updated: datetime | None = None
    dateline: str = ""
    picture: str = ""
    lead_caption: str = ""
    related: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    earlier: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    text: str
    published: datetime
    headline: str = ""
    source: str = ""
    story: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One update of a coverage, or the headline of the ``brief`` that it is. ``correction``: its
    words and when readers got them."""

    published: datetime
    text: str = ""
    headline: str = ""
    source: str = ""
    story: str = ""
    picture: str = ""
    brief: str = ""
    bylines: tuple[str, ...] = ()
    pinned: bool = False
    key: bool = False
    correction: tuple[str, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """``summary``: points, in the markup of stories; ``translates``: the slug of the English one."""

    slug: str
    translates: str
    headline: str
    standfirst: str
    summary: tuple[str, ...]
    started: datetime
    picture: str
    bylines: tuple[str, ...]
    topics: tuple[str, ...]
    takes_briefs: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A section or a topic: what it is called and one sentence about it."""

    slug: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Desk(Named):
    pass


@dataclass(frozen=True, slots=True)
class Author:
    slug: str
    name: str
    role: str
    desk: str
    portrait: str
    bio: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Newsletter:
    slug: str
    name: str
    description: str
    schedule: str
    host: str
    picture: str
    welcome: str = ""


@dataclass(frozen=True, slots=True)
class Mailing:
    """One edition of a newsletter; `sent` is None for a draft. `text` is paragraphs of HTML."""

    newsletter: str
    subject: str
    preheader: str
    text: str
    stories: tuple[str, ...]
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Picture:
    """`focus` is the point that a crop must keep, in fractions of width and height."""

    slug: str
    file: Path
    title: str
    alt: str
    caption: str
    credit: str
    focus: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that one language's edition publishes."""

    language: str
    name: str
    city: str
    tagline: str
    top: tuple[str, ...]
    picks: tuple[str, ...]
    sections: tuple[Named, ...]
    topics: tuple[Named, ...]
    desks: tuple[Desk, ...]
    authors: tuple[Author, ...]
    newsletters: tuple[Newsletter, ...]
    mailings: tuple[Mailing, ...]
    pictures: dict[str, Picture] = field(repr=False)
    stories: dict[str, Story] = field(repr=False)
    briefs: tuple[Brief, ...] = field(repr=False)
    coverage: tuple[Coverage, ...] = field(repr=False)


def read_edition(language: str, now: datetime, *, keep_dates: bool = False) -> Edition:
    """The edition in `language` as of `now`, a moment in the newsroom's time zone.

    With `keep_dates` the words for dates stay open, for a demo that is planted later.

    Raises MarkupError for a story that cannot be read, naming its file.
    """
    say = moments.keep_dates if keep_dates else moments.set_dates
    suffix = _suffix(language)
    room = _toml(f"newsroom{suffix}.toml")
    folder = FOLDER / "stories" if language == "en" else FOLDER / "stories" / language
    return Edition(
        language=language,
        name=room["name"],
        city=room["city"],
        tagline=room["tagline"],
        top=tuple(room["top"]),
        picks=tuple(room["picks"]),
        sections=tuple(Named(s["slug"], s["name"], s["intro"]) for s in room["sections"]),
        topics=tuple(Named(t["slug"], t["name"], t["description"]) for t in room["topics"]),
        desks=tuple(Desk(d["slug"], d["name"], d["description"]) for d in room["desks"]),
        authors=tuple(Author(**{**a, "bio": tuple(a["bio"])}) for a in room["authors"]),
        newsletters=tuple(Newsletter(**n) for n in room["newsletters"]),
        mailings=tuple(_mailing(m, now) for m in room["mailings"]),
        pictures=pictures_of(language),
        stories={
            path.stem: read_story(path, language, now, say) for path in sorted(folder.glob("*.md"))
        },
        briefs=tuple(
            _brief(b, language, now, say) for b in _toml(f"briefs{suffix}.toml")["briefs"]
        ),
        coverage=tuple(_coverage(c, now) for c in _toml(f"coverage{suffix}.toml")["coverage"]),
    )


def _mailing(entry: dict[str, Any], now: datetime) -> Mailing:
    ago = entry.get("minutes_ago")
    return Mailing(
        newsletter=entry["newsletter"],
        subject=entry["subject"],
        preheader=entry.get("preheader", ""),
        text=entry["text"],
        stories=tuple(entry["stories"]),
        sent=None if ago is None else now - timedelta(minutes=ago),
    )


def read_story(path: Path, language: str, now: datetime, say: Say = moments.set_dates) -> Story:
    """One story file: TOML between `+++` lines, then the body."""
    source = path.read_text(encoding="utf-8")
    try:
        _, head, _ = source.split("+++\n", 2)
        published = now - timedelta(minutes=tomllib.loads(head)["minutes_ago"])
        _, head, body = say(source, published, language).split("+++\n", 2)
        meta = tomllib.loads(head)
        updated = meta.pop("updated_minutes_ago", None)
        del meta["minutes_ago"]
        meta["corrections"] = [Correction(**said) for said in meta.pop("corrections", ())]
        meta["earlier"] = [(now, first) for now, first in meta.pop("earlier", ())]
        return Story(
            slug=path.stem,
            published=published,
            updated=None if updated is None else now - timedelta(minutes=updated),
            body=tuple(read_body(body)),
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in meta.items()
            },
        )
    except (ValueError, TypeError, KeyError) as problem:
        raise MarkupError(f"{path.name} cannot be read: {problem}") from problem


def _brief(entry: dict[str, Any], language: str, now: datetime, say: Say) -> Brief:
    published = now - timedelta(minutes=entry["minutes_ago"])
    return Brief(
        text=say(entry["text"].strip(), published, language),
        published=published,
        headline=entry.get("headline", ""),
        source=entry.get("source", ""),
        story=entry.get("story", ""),
        topics=tuple(entry.get("topics", ())),
    )


def _coverage(told: dict[str, Any], now: datetime) -> Coverage:
    entries = [_entry(entry, now) for entry in told["entries"]]
    return Coverage(
        slug=told["slug"],
        translates=told.get("translates", ""),
        headline=told["headline"],
        standfirst=told["standfirst"],
        summary=tuple(told["summary"]),
        started=now - timedelta(minutes=told["minutes_ago"]),
        picture=told["picture"],
        bylines=tuple(told["bylines"]),
        topics=tuple(told["topics"]),
        takes_briefs=told["takes_briefs"],
        entries=tuple(entries),
    )


def _entry(told: dict[str, Any], now: datetime) -> Entry:
    published = now - timedelta(minutes=told["minutes_ago"])
    said = told.get("correction")
    corrected = said and (said["words"], published + timedelta(minutes=said["minutes"]))
    known = {"headline", "source", "story", "picture", "brief", "pinned", "key"}
    return Entry(
        published=published,
        text=told.get("text", "").strip(),
        bylines=tuple(told.get("bylines", ())),
        correction=corrected,
        **{name: value for name, value in told.items() if name in known},
    )


def pictures_of(language: str) -> dict[str, Picture]:
    """Pictures in the words of one language; file and focus stand in the English list only."""
    suffix = _suffix(language)
    base = _toml("pictures.toml")
    words = _toml(f"pictures{suffix}.toml") if suffix else base
    return {
        slug: Picture(
            slug=slug,
            file=FOLDER / "pictures" / base[slug]["file"],
            title=entry["title"],
            alt=entry["alt"],
            caption=entry["caption"],
            credit=entry["credit"],
            focus=tuple(base[slug].get("focus", (0.5, 0.5))),
        )
        for slug, entry in words.items()
    }


def _suffix(language: str) -> str:
    return "" if language == "en" else f".{language}"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
