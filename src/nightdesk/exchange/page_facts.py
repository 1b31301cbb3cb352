"""What a page says about itself to machines: JSON-LD, Open Graph, microdata, `<time>`, rel=author.

Read before anything is guessed. Each fact takes the first source that has it; sites disagree with
themselves, and those written for news readers (JSON-LD) are kept best.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from . import bylines, moments
from .found import FoundByline, FoundPicture
from .html_picture import plain_attribute
from .tidy_html import plain, without_controls

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|Blog ?Post|NewsItem)$")


@dataclass
class PageFacts:
    """Empty fields are what the page does not say."""

    headline: str = ""
    standfirst: str = ""
    bylines: tuple[FoundByline, ...] = ()
    published: datetime | date | None = None
    section: str = ""
    topics: list[str] = field(default_factory=list)
    language: str = ""
    address: str = ""
    picture: FoundPicture | None = None
    is_behind_paywall: bool = False


def read_facts(page: BeautifulSoup, address: str) -> PageFacts:
    """The facts of one page; `address` is where it came from, if that is known."""
    data = _json_article(page)
    meta = _meta(page)
    base = address or meta.get("og:url", "") or _canonical(page) or _text(data.get("url"))
    sections = _texts(data.get("articleSection")) or [meta.get("article:section", "")]
    return PageFacts(
        headline=_text(data.get("headline")) or _without_site(meta.get("og:title", ""), meta),
        standfirst=_text(data.get("description")) or meta.get("og:description", ""),
        bylines=_authors(page, data, meta),
        published=_published(page, data, meta),
        section=sections[0],
        topics=_topics(page, data, meta),
        language=_language(page, data, meta),
        address=base if base.startswith(("http://", "https://")) else "",
        picture=_lead(data, meta, base),
        is_behind_paywall=str(data.get("isAccessibleForFree")).lower() == "false",
    )


def _json_article(page: BeautifulSoup) -> dict:
    """The first JSON-LD object that is an article, or {}."""
    for script in page.find_all("script", type=re.compile(r"ld\+json", re.IGNORECASE)):
        text = re.sub(r"^\s*(?:<!\[CDATA\[|<!--)|(?:\]\]>|-->)\s*$", "", script.string or "")
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            if any(_ARTICLE.search(kind) for kind in _texts(thing.get("@type"))):
                return thing
    return {}


def _things(data: object, depth: int = 0) -> Iterator[dict]:
    if isinstance(data, list):
        for item in data[:200]:
            yield from _things(item, depth)
    elif isinstance(data, dict):
        yield data
        if depth < 3:
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
                yield from _things(data.get(key), depth + 1)


def _meta(page: BeautifulSoup) -> dict[str, str]:
    """The first content of each <meta name=… or property=…>, keys in lower case."""
    found: dict[str, str] = {}
    for tag in page.find_all("meta"):
        key = plain_attribute(tag, "property") or plain_attribute(tag, "name")
        content = plain_attribute(tag, "content")
        if key and content:
            found.setdefault(key.lower(), content)
    return found


def _authors(page: BeautifulSoup, data: dict, meta: dict[str, str]) -> tuple[FoundByline, ...]:
    people = data.get("author") or data.get("creator") or []
    names = [
        (_text(one.get("name")) if isinstance(one, dict) else _text(one), _is_group(one))
        for one in (people if isinstance(people, list) else [people])
    ]
    names = [(name, is_group) for name, is_group in names if _is_a_name(name)]
    if names:
        return tuple(dict.fromkeys(_bylines_of(names)))
    for key in ("author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
                "article:author"):  # fmt: skip
        if _is_a_name(meta.get(key, "")):
            found = bylines.read_bylines(meta[key], labelled=True)
            return found or (bylines.byline(meta[key]),)
    links = page.find_all(["a", "span", "address"], rel="author") or page.find_all(
        itemprop="author"
    )
    found_names = [plain(str(link.find(itemprop="name") or link)) for link in links]
    found_names = [bylines.split_label(name)[1] for name in found_names if _is_a_name(name)]
    return tuple(dict.fromkeys(bylines.byline(name) for name in found_names[:6]))


def _bylines_of(names: list[tuple[str, bool]]) -> Iterator[FoundByline]:
    for name, is_group in names:
        several = bylines.read_bylines(bylines.split_label(name)[1], labelled=True)
        if is_group or not several:
            yield FoundByline(bylines.split_label(name)[1], is_group or bylines.is_desk(name))
        else:
            yield from several


def _is_group(author: object) -> bool:
    return isinstance(author, dict) and "Organization" in " ".join(_texts(author.get("@type")))


def _is_a_name(name: str) -> bool:
    """Not an address, not an account name such as "admin" or "a.lee"."""
    is_short = 0 < len(name.split()) <= 14 and len(name) <= 200
    return is_short and "//" not in name and "@" not in name and name != name.lower()


def _published(page: BeautifulSoup, data: dict, meta: dict[str, str]) -> datetime | date | None:
    for value in (
        _text(data.get("datePublished")),
        meta.get("article:published_time", ""),
        meta.get("datepublished", ""),
        meta.get("parsely-pub-date", ""),
        meta.get("dc.date.issued", "") or meta.get("dcterms.date", "") or meta.get("dc.date", ""),
        meta.get("pubdate", "") or meta.get("publish-date", "") or meta.get("date", ""),
    ):
        if value and (when := moments.read_iso(value)):
            return when
    marked = page.find_all(itemprop="datePublished")
    times = page.find_all("time", class_=re.compile("publish|entry-date|post-date|pubdate|posted"))
    first = (page.find("article") or page).find_all("time", limit=1)
    for tag in [*marked, *times, *first]:
        value = (
            plain_attribute(tag, "datetime") or plain_attribute(tag, "content") or plain(str(tag))
        )
        if value and (when := moments.read_iso(value)):
            return when
    return None


def _topics(page: BeautifulSoup, data: dict, meta: dict[str, str]) -> list[str]:
    tags = [
        plain_attribute(tag, "content") for tag in page.find_all("meta", property="article:tag")
    ]
    tags = tags or _split_keywords(data.get("keywords"))
    tags = tags or [plain(str(tag)) for tag in page.find_all("a", rel="tag")]
    short = [tag for tag in tags if tag and len(tag.split()) <= 5]
    return list(dict.fromkeys(short))[:12]


def _split_keywords(value: object) -> list[str]:
    found = _texts(value)
    return [word.strip() for word in found[0].split(",")] if len(found) == 1 else found


def _language(page: BeautifulSoup, data: dict, meta: dict[str, str]) -> str:
    root = page.find("html")
    declared = (
        (plain_attribute(root, "lang") if root else "")
        or _text(data.get("inLanguage"))
        or meta.get("og:locale", "")
    )
    return re.split(r"[-_]", declared.lower())[0][:3]


def _lead(data: dict, meta: dict[str, str], base: str) -> FoundPicture | None:
    image = data.get("image")
    image = image[0] if isinstance(image, list) and image else image
    alt = caption = ""
    if isinstance(image, dict):
        caption = _text(image.get("caption"))
        image = image.get("url") or image.get("contentUrl")
        image = image[0] if isinstance(image, list) and image else image
    url = _text(image) or meta.get("og:image", "")
    alt = meta.get("og:image:alt", "")
    try:
        url = urljoin(base, url) if url else ""
    except ValueError:
        url = ""
    return FoundPicture(url, alt, caption) if url.startswith(("http://", "https://")) else None


def _canonical(page: BeautifulSoup) -> str:
    link = page.find("link", rel="canonical")
    return plain_attribute(link, "href") if isinstance(link, Tag) else ""


def _without_site(title: str, meta: dict[str, str]) -> str:
    """ "Headline | The Site" → "Headline", when the page names the site."""
    site = meta.get("og:site_name", "")
    if site and title.casefold().endswith(site.casefold()):
        title = title[: -len(site)].rstrip(" |—–-·•:")
    return title


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in map(_text, values) if text]


def _text(value: object) -> str:
    """One line of text from a JSON value; lists give their first, objects their name or id."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("@id") or ""
    if isinstance(value, bool | int | float):
        return str(value)
    if not isinstance(value, str):
        return ""
    return " ".join(without_controls(re.sub(r"<[^>]+>", "", html.unescape(value))).split())
