"""The marked-up text of a story, taken apart into blocks.

Headings, links, lists, quotes, tables and pictures stay; looks, scripts and furniture do not. What
leaves here went through `tidy_html`, whatever the source was.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString

from . import furniture
from .found import FoundPart, FoundQuote, FoundRelated, FoundTable, FoundText
from .html_furniture import (
    EMBEDS,
    NEVER_TEXT,
    class_words,
    is_furniture,
    is_hidden,
    is_related_box,
    names,
)
from .html_picture import picture_of
from .html_tree import tree_of
from .lines import Line
from .tidy_html import clean_inline, plain
from .under_headline import read_under_headline

_INLINE = names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd mark q s samp small "
    "span strike strong sub sup time tt u var wbr"
)
_BLOCKS_INSIDE = ["p", "div", "figure", "img", "amp-img", "ul", "ol", "h2", "h3", "h4", "table"]
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_NOT_IN_A_QUOTE = ["ul", "ol", "h2", "h3", "h4", "table", "figure", "img", "amp-img"]
_MOST_RELATED = 4
_LONGEST_QUOTE = 200  # words


@dataclass
class HtmlBody:
    """The parts of a text in their order, and what was left out of it."""

    parts: list[FoundPart] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    embeds: int = 0


def read_fragment(markup: str, address: str = "") -> HtmlBody:
    """The parts of markup that is nothing but a story's text, as archives keep it.

    Relative links are resolved against `address`; without it they leave only their words.
    """
    return _Reader(address, headline="", is_page=False).read(tree_of(markup))


def read_body_element(element: Tag, address: str, headline: str) -> HtmlBody:
    """The parts of the element that holds a page's text, furniture dropped."""
    return _Reader(address, headline, is_page=True).read(element)


class _Reader:
    """Walks the tree once. `inline` gathers loose words until a block begins."""

    def __init__(self, address: str, headline: str, *, is_page: bool) -> None:
        self.address = address
        self.headline = headline
        self.is_page = is_page
        self.body = HtmlBody()
        self.html: list[str] = []
        self.inline: list[str] = []
        self.is_label_above = False
        self.pictures: set[str] = set()

    def read(self, element: Tag) -> HtmlBody:
        self._walk(element)
        self._end_text()
        return self.body

    def _walk(self, parent: Tag) -> None:
        for child in parent.children:
            self._take(child)
        self._end_inline()

    def _take(self, node: PageElement) -> None:
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):  # comments, declarations
                self.inline.append(html.escape(str(node), quote=False))
            return
        if not isinstance(node, Tag):
            return
        if node.name in EMBEDS and not is_hidden(node):
            self.body.embeds += 1
        if node.name in NEVER_TEXT or (self.is_page and self._is_dropped(node)):
            return
        if node.name in _INLINE and not node.find(_BLOCKS_INSIDE):
            self.inline.append(self._inline_markup(node))
            return
        self._end_inline()
        self._take_block(node)

    def _is_dropped(self, node: Tag) -> bool:
        if is_related_box(node):
            links = [
                a for a in node.find_all("a", href=True) if len(_link_headline(a).split()) >= 3
            ]
            if node.name == "a" and node.get("href"):
                links = [node]
            wanted = {a["href"]: a for a in links}
            if 0 < len(wanted) <= _MOST_RELATED:
                self._end_inline()
                for link in wanted.values():
                    self._relate(_link_headline(link), str(link["href"]))
                return True
            return bool(wanted) or is_furniture(node)
        return is_furniture(node)

    def _take_block(self, node: Tag) -> None:
        match node.name:
            case "p" | "dd" | "address" | "summary" if not node.find(_BLOCKS_INSIDE):
                self._paragraph(self._inner(node), node)
            case "dt":
                self._paragraph(f"<b>{self._inner(node)}</b>", node)
            case "pre":
                lines = [html.escape(line, quote=False) for line in node.get_text().splitlines()]
                self._paragraph("<br>".join(lines), node)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._heading(node)
            case "ul" | "ol":
                self._list(node)
            case "blockquote":
                self._quote(node)
            case "figure" | "img" | "amp-img" | "picture":
                self.body.embeds += len(node.find_all(list(EMBEDS)))
                self._picture(node)
            case "table":
                self._table(node)
            case _:
                if node.find(["img", "amp-img"]) and _is_caption_box(node):
                    self._picture(node)
                else:
                    self._walk(node)

    def _paragraph(self, markup: str, node: Tag | None = None) -> None:
        words = plain(markup)
        if not words:
            return
        if self.is_page and self._is_no_paragraph(words, node):
            return
        self.is_label_above = False
        self.html += [f"<p>{part}</p>" for part in _split_at_double_breaks(markup)]

    def _is_no_paragraph(self, words: str, node: Tag | None) -> bool:
        """Handles labels, related headlines and furniture that stand in ordinary paragraphs."""
        links = node.find_all("a", href=True) if node else []
        href = str(links[0]["href"]) if len(links) == 1 else ""
        label = furniture.read_also(words)
        if label == "":
            self.is_label_above = True
            return True
        if label and not Line(label).is_prose:
            self._relate(label, href)
            return True
        if href and plain(str(links[0])) == words and self._heads_another_story(words, href):
            self._relate(words, href)
            return True
        if topics := furniture.tags(words):
            self.body.topics += topics
            return True
        credit = furniture.credit_of(words)
        if credit and (not credit[0] or (node and "caption" in class_words(node))):
            return True
        if not self.body.parts and read_under_headline(words):
            return True
        return bool(furniture.furniture(words))

    def _heads_another_story(self, words: str, href: str) -> bool:
        line = Line(words)
        if self.is_label_above:
            return line.words >= 2
        here = urlsplit(self.address).hostname
        there = urlsplit(urljoin(self.address, href)).hostname
        return line.is_headline_like and line.words >= 4 and (not there or there == here)

    def _heading(self, node: Tag) -> None:
        words = plain(self._inner(node))
        if not words or (self.is_page and words == self.headline):
            return
        if self.is_page:
            if furniture.read_also(words) == "" or furniture.ending(words) == "more stories":
                self.is_label_above = True
                return
            if furniture.furniture(words) or furniture.ending(words):
                return
        self.html.append(
            f"<{_HEADINGS[node.name]}>{html.escape(words, quote=False)}</{_HEADINGS[node.name]}>"
        )

    def _list(self, node: Tag) -> None:
        items = [item for item in node.find_all("li") if item.find_parent(["ul", "ol"]) is node]
        if self.is_page and self._is_list_of_links(items):
            for item in items[:_MOST_RELATED] if self.is_label_above else []:
                link = item.find("a", href=True)
                self._relate(plain(str(link)), str(link["href"]))
            return
        rows = [row for row in self._rows(node) if plain(row)]
        if rows:
            items_html = "".join(f"<li>{row}</li>" for row in rows)
            self.html.append(f"<{node.name}>{items_html}</{node.name}>")
        for image in node.find_all(["img", "amp-img"]):
            self._picture(image)

    def _rows(self, node: Tag) -> Iterator[str]:
        """The words of each item, in order; items of lists inside the list follow their own item."""
        for child in node.children:
            if isinstance(child, Tag) and child.name in {"ul", "ol"}:
                yield from self._rows(child)
            elif isinstance(child, Tag):
                inner = [
                    found
                    for found in child.find_all(["ul", "ol"])
                    if not any(
                        parent in child.descendants for parent in found.find_parents(["ul", "ol"])
                    )
                ]
                for found in inner:
                    found.extract()
                yield self._item(child)
                for found in inner:
                    yield from self._rows(found)
            else:
                yield clean_inline(self._inline_markup(child))

    def _is_list_of_links(self, items: list[Tag]) -> bool:
        """A list of nothing but links is a menu, tags, or (below a label) related stories."""
        links = [item.find("a", href=True) for item in items]
        return (
            bool(items)
            and all(
                link and plain(str(link)) == plain(str(item))
                for link, item in zip(links, items, strict=True)
            )
            and (
                self.is_label_above
                or all(_is_relative(str(link["href"])) for link in links if link)
            )
        )

    def _item(self, item: Tag) -> str:
        """A list item's words; its paragraphs become lines."""
        markup = [
            f"{self._inline_markup(child)}<br>"
            if isinstance(child, Tag) and child.name == "p"
            else self._inline_markup(child)
            for child in item.children
        ]
        return clean_inline("".join(markup))

    def _quote(self, node: Tag) -> None:
        links = node.find_all("a", href=True)
        if self.is_page and len(links) == 1 and plain(str(node)) == plain(str(links[0])):
            self._relate(plain(str(links[0])), str(links[0]["href"]))
            return
        if node.find(_NOT_IN_A_QUOTE) or len(plain(str(node)).split()) > _LONGEST_QUOTE:
            self._walk(node)
            return
        speaker, role = _speaker(node)
        text = "\n\n".join(filter(None, map(plain, _blocks_of(node))))
        if text:
            self._end_text()
            self.body.parts.append(FoundQuote(text, speaker, role))

    def _picture(self, node: Tag) -> None:
        for found in picture_of(node, self.address):
            if found.url not in self.pictures:
                self.pictures.add(found.url)
                self._end_text()
                self.body.parts.append(found)

    def _table(self, node: Tag) -> None:
        rows = [
            [
                plain(str(cell))
                for cell in row.find_all(["td", "th"])
                if cell.find_parent("tr") is row
            ]
            for row in node.find_all("tr")
        ]
        rows = [row for row in rows if any(row)]
        width = max(map(len, rows), default=0)
        if width < 2 or _only_lays_out(node):
            self._walk(node)
            return
        self._end_text()
        first = node.find("tr")
        caption = node.find("caption")
        self.body.parts.append(
            FoundTable(
                tuple(tuple(row + [""] * (width - len(row))) for row in rows),
                has_header=bool(first and first.find("th") and not first.find("td")),
                caption=plain(str(caption)) if caption else "",
            )
        )

    def _relate(self, headline: str, href: str) -> None:
        headline = headline.strip()
        if headline and headline != self.headline:
            self._end_text()
            self.body.parts.append(FoundRelated(headline, _safe_link(self.address, href)))

    def _inner(self, node: Tag) -> str:
        return clean_inline("".join(map(self._inline_markup, node.children)))

    def _inline_markup(self, node: PageElement) -> str:
        """Its markup with furniture taken out and links made absolute; not yet clean."""
        if isinstance(node, NavigableString):
            return (
                "" if isinstance(node, PreformattedString) else html.escape(str(node), quote=False)
            )
        if not isinstance(node, Tag) or node.name in NEVER_TEXT:
            return ""
        if self.is_page and (is_hidden(node) or (is_furniture(node) and node.name != "a")):
            return ""
        inner = "".join(map(self._inline_markup, node.children))
        if node.name == "br":
            return "<br>"
        if node.name in {"p", "div", "h2", "h3", "h4", "li"}:
            return f" {inner} "
        if node.name == "a" and (link := _safe_link(self.address, str(node.get("href") or ""))):
            return f'<a href="{html.escape(link)}">{inner}</a>'
        if node.name in {"b", "strong", "i", "em"}:
            return f"<{node.name}>{inner}</{node.name}>"
        return inner

    def _end_inline(self) -> None:
        markup = clean_inline("".join(self.inline))
        self.inline.clear()
        if markup:
            self._paragraph(markup, BeautifulSoup(markup, "html.parser"))

    def _end_text(self) -> None:
        if self.html:
            self.body.parts.append(FoundText("".join(self.html)))
            self.html.clear()


def _split_at_double_breaks(markup: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"(?:<br>\s*){2,}", markup)]
    if len(parts) > 1 and any(
        part.count("<b>") != part.count("</b>")
        or part.count("<i>") != part.count("</i>")
        or part.count("<a ") != part.count("</a>")
        for part in parts
    ):
        return [re.sub(r"(?:<br>\s*){2,}", "<br>", markup)]
    return [part for part in parts if plain(part)]


def _safe_link(address: str, href: str) -> str:
    """An absolute http(s), mailto or tel link; "" for everything else."""
    href = re.sub(r"[\x00-\x20]+", "", href) if ":" in href[:20] else href.strip()
    if not href or href.startswith("#"):
        return ""
    try:
        link = urljoin(address, href)
        parts = urlsplit(link)
    except ValueError:
        return ""
    if parts.scheme in {"mailto", "tel"}:
        return link
    return link if parts.scheme in {"http", "https"} and parts.netloc else ""


def _is_relative(href: str) -> bool:
    return not urlsplit(href).netloc


def _link_headline(link: Tag) -> str:
    """What a card's link is called: its heading if it has one, else its words."""
    heading = link.find(["h2", "h3", "h4"]) or link.find(class_=re.compile("title|headline"))
    return plain(str(heading or link))


def _blocks_of(node: Tag) -> list[str]:
    """The markup of each block inside, loose words between blocks included."""
    blocks = [""]
    for child in node.children:
        if isinstance(child, Tag) and child.name in {"p", "div"}:
            blocks += [str(child), ""]
        elif not isinstance(child, PreformattedString):
            blocks[-1] += str(child) if isinstance(child, Tag) else html.escape(str(child))
    return blocks


def _speaker(quote: Tag) -> tuple[str, str]:
    """Who said it, taken out of the quote: `<cite>Ann Lee, mayor</cite>` → ("Ann Lee", "mayor")."""
    cite = quote.find(["cite", "footer", "figcaption"])
    if not cite or len(plain(str(cite)).split()) > 15:
        return "", ""
    words = plain(str(cite)).strip(" —–-,")
    cite.extract()
    name, _, role = words.partition(",")
    return name.strip(), role.strip()


def _only_lays_out(table: Tag) -> bool:
    """Old pages put whole columns of text into cells."""
    cells = table.find_all("td")
    return bool(table.find("table")) or any(len(cell.get_text().split()) > 80 for cell in cells)


def _is_caption_box(node: Tag) -> bool:
    """WordPress's old captions: a div of class wp-caption around picture and text."""
    return "wp-caption" in (node.get("class") or [])
