"""Finds the story in the HTML of a published page.

First what the page says about itself (`page_facts`), then the element that holds its text; where no
element is marked as that, trafilatura looks for it. What machines are not told is read from the
page's visible lines, as from copied text.
"""

import re

from bs4 import BeautifulSoup, Tag

from nightdesk.kernel.text import fold

from .copied_text import read_copied_text
from .found import FoundPart, FoundPicture, FoundRelated, FoundStory, FoundText
from .html_body import HtmlBody, read_body_element
from .html_furniture import NEVER_TEXT, is_furniture, is_hidden, names
from .html_tree import tree_of
from .language import language_of
from .page_facts import PageFacts, read_facts
from .tidy_html import plain, without_controls
from .unreadable import SourceUnreadable
from .verdict import judged

# Where the systems that newsrooms use put a story's text, the surest first.
_BODY = (
    '[itemprop~="articleBody"]',
    ".gh-content, .post-full-content .post-content",
    ".entry-content, .wp-block-post-content, .td-post-content",
    ".field--name-body, .field-name-body, .node__content .text-formatted",
    ".article-body, .article__body, .article-content, .article__content, .story-body,"
    " .story__body, .post-content, .post__content, .post-body, .c-article__body, .amp-wp-article-content",
    "article",
)
_STANDFIRST = re.compile(
    r"(?:^|[-_ ])(?:standfirst|dek|deck|sub-?title|sub-?head(?:line|ing)?|excerpt|summary|intro|lede)"
    r"(?:$|[-_ ])",
    re.IGNORECASE,
)
_BLOCKS = names(
    "p div section article main header footer aside nav ul ol li h1 h2 h3 h4 h5 h6 table tr td th "
    "figure figcaption blockquote form dl dt dd address br hr pre time"
)
_LEAST_TEXT = 80  # characters in paragraphs that an element must have to be the story's body


def read_saved_html(markup: str, source: str, address: str = "") -> FoundStory:
    """The story in a page's HTML. `address` is where the page came from, "" for a saved file.

    Raises `SourceUnreadable` when the page does not mark its text and the extra `import` is missing.
    """
    try:
        return _read(without_controls(markup), source, address)
    except RecursionError:
        raise SourceUnreadable("its markup is nested too deeply to be read") from None


def _read(markup: str, source: str, address: str) -> FoundStory:
    facts = read_facts(BeautifulSoup(markup, "html.parser"), address)
    page = tree_of(markup)
    visible = read_copied_text(_visible_lines(page), source)
    headline = _headline(page, facts) or visible.headline
    standfirst = _standfirst(page)
    body = _body(page, markup, facts.address, headline)
    parts, lead = _without_repeats(body.parts, headline, standfirst, facts.picture)
    published = facts.published or visible.published
    notes = []
    if body.embeds:
        notes.append(f"embedded videos or widgets left out: {body.embeds}")
    doubts = []
    if facts.is_behind_paywall:
        doubts.append("the page says that it is not free to read: its text may be cut")
    text = " ".join(part.html for part in parts if isinstance(part, FoundText))
    return judged(
        FoundStory(
            source=source,
            headline=headline,
            standfirst=standfirst or _described(facts, parts),
            bylines=facts.bylines or visible.bylines,
            published=published,
            zone_given=getattr(published, "tzinfo", None) is not None,
            updated=visible.updated,
            section=facts.section or visible.section,
            topics=tuple(dict.fromkeys([*facts.topics, *body.topics])),
            language=facts.language or language_of(plain(text)),
            body=tuple(parts),
            picture=lead,
            identity=facts.address,
            notes=tuple(notes),
        ),
        doubts,
    )


def _headline(page: BeautifulSoup, facts: PageFacts) -> str:
    """The h1 when it is the story's: readers saw it, while machines are told shortened ones."""
    shown = [plain(str(h1)) for h1 in page.find_all("h1")]
    shown = [text for text in shown if text]
    said = set(fold(facts.headline).split())
    for text in shown:
        words = set(fold(text).split())
        if said and len(words & said) >= 0.6 * min(len(words), len(said)):
            return text
    marked = page.find(itemprop="headline")
    if facts.headline or isinstance(marked, Tag):
        return facts.headline or plain(str(marked))
    return shown[0] if len(shown) == 1 and len(shown[0].split()) > 1 else ""


def _standfirst(page: BeautifulSoup) -> str:
    """The element below the headline that is called standfirst, dek, subtitle or the like."""
    for tag in page.find_all(["p", "div", "h2", "span"], class_=_STANDFIRST):
        text = plain(str(tag))
        if tag.find(["table", "ul", "ol"]) or len(tag.find_all("p")) > 1:
            continue
        if (
            4 <= len(text.split()) <= 80
            and not is_hidden(tag)
            and not tag.find_parent(["aside", "nav", "footer"])
        ):
            return text
    return ""


def _described(facts: PageFacts, parts: list[FoundPart]) -> str:
    """The description for machines, unless it only repeats how the text begins or was cut off."""
    text = facts.standfirst
    first = next((plain(part.html) for part in parts if isinstance(part, FoundText)), "")
    is_cut = text.endswith(("…", "...", "[…]", "[...]"))
    if is_cut or len(text.split()) < 4 or fold(text)[:40] in fold(first):
        return ""
    return text[:500]


def _body(page: BeautifulSoup, markup: str, address: str, headline: str) -> HtmlBody:
    element = _body_element(page)
    if element is None:
        element = _extracted(markup)
    if element is None:
        return HtmlBody()
    return read_body_element(element, address, headline)


def _body_element(page: BeautifulSoup) -> Tag | None:
    for selector in _BODY:
        found = [
            tag for tag in page.select(selector) if not tag.find_parent(["nav", "footer", "aside"])
        ]
        best = max(found, key=_paragraph_letters, default=None)
        if best is not None and _paragraph_letters(best) >= _LEAST_TEXT:
            return best
    return None


def _paragraph_letters(tag: Tag) -> int:
    """Letters of text in its paragraphs, links not counted: teasers have nearly none."""
    return sum(
        len(p.get_text(strip=True)) - sum(len(a.get_text(strip=True)) for a in p.find_all("a")) // 2
        for p in tag.find_all("p")
    )


def _extracted(markup: str) -> Tag | None:
    """The text as trafilatura finds it, for pages that do not mark it."""
    try:
        import trafilatura
    except ImportError:
        raise SourceUnreadable(
            "it does not mark where its text is; to find it, install the extra: "
            "pip install 'nightdesk[import]'"
        ) from None
    found = trafilatura.extract(
        markup,
        output_format="html",
        include_links=True,
        include_formatting=True,
        include_images=True,
        include_tables=True,
        include_comments=False,
    )
    return tree_of(found) if found else None


def _without_repeats(
    parts: list[FoundPart], headline: str, standfirst: str, picture: FoundPicture | None
) -> tuple[list[FoundPart], FoundPicture | None]:
    """The parts without headline, standfirst and lead picture, and the lead with its caption."""
    kept = list(parts)
    if kept and isinstance(kept[0], FoundText):
        for repeated in filter(None, (headline, standfirst)):
            kept[0] = FoundText(_after(repeated, kept[0].html))
        if not kept[0].html:
            kept.pop(0)
    if kept and isinstance(kept[0], FoundPicture):
        shown = kept.pop(0)
        picture = (
            shown if not picture or _same_picture(shown, picture) or shown.caption else picture
        )
    elif picture:
        same = [
            part for part in kept if isinstance(part, FoundPicture) and _same_picture(part, picture)
        ]
        picture = None if same else picture
    seen: set[FoundRelated] = set()
    return [
        part
        for part in kept
        if not (isinstance(part, FoundRelated) and (part in seen or seen.add(part)))
    ], picture


def _after(repeated: str, markup: str) -> str:
    """What follows the headline, when it stands among the first elements of the text."""
    for number, element in enumerate(re.finditer(r"<(p|h2|h3)>(.*?)</\1>", markup, re.DOTALL)):
        if fold(plain(element[2])) == fold(repeated):
            return markup[element.end() :]
        if number == 3:
            break
    return markup


def _same_picture(one: FoundPicture, other: FoundPicture) -> bool:
    """The same file, whatever its size: systems append -800x600 and queries."""
    names = [
        re.sub(r"-\d+x\d+|\?.*$", "", picture.url.rsplit("/", 1)[-1]) for picture in (one, other)
    ]
    return names[0] == names[1]


def _visible_lines(page: BeautifulSoup) -> str:
    """What a person would copy from the page: one line for each block."""
    lines: list[str] = []

    def walk(tag: Tag) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                if (
                    child.name in NEVER_TEXT
                    or is_hidden(child)
                    or (is_furniture(child) and not _is_who(child))
                ):
                    continue
                is_block = child.name in _BLOCKS
                lines.append("\n\n" if is_block else "")
                walk(child)
                lines.append("\n\n" if is_block else "")
            elif type(child).__name__ == "NavigableString":
                lines.append(re.sub(r"\s+", " ", str(child)))

    walk(page)
    return "".join(lines)


def _is_who(tag: Tag) -> bool:
    """Bylines and dates are furniture of the text, but not of the page."""
    return bool(re.search(r"byline|author|meta|date|time", " ".join(tag.get("class") or []), re.I))
