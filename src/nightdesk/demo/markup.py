"""The body of a demo story: a few lines of Markdown, and `:::` for what only a newsroom has.

    A paragraph with **bold**, *italic* and a [link](story:slug-of-a-story).

    ## A heading, - a list, 1. a numbered list

    | A table | with pipes |
    | first row | is the head |

    ::: related slug-of-a-story
    ::: picture slug-of-a-picture | a caption of its own, if it needs one
    ::: embed https://… | What it shows

    ::: quote Speaker | role | as cited by somebody
    What was said.
    :::

    ::: facts Title
    - anything that text may hold
    :::

Links to stories stay `story:slug` in the HTML: only the loader knows their addresses.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass


class MarkupError(ValueError):
    """A body that cannot be read; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Text:
    html: str


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    speaker: str
    role: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PictureHere:
    slug: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FactBox:
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Embed:
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Related:
    slug: str


Block = Text | Quote | PictureHere | Table | FactBox | Embed | Related

FENCED = {"quote", "facts"}


def read_body(source: str) -> list[Block]:
    """All blocks of a body in order; neighboring paragraphs, headings and lists are one Text."""
    blocks: list[Block] = []
    prose: list[str] = []

    def end_prose() -> None:
        if any(line.strip() for line in prose):
            blocks.append(Text(prose_html(prose)))
        prose.clear()

    lines = iter(source.splitlines())
    for line in lines:
        if line.startswith("::: "):
            end_prose()
            kind, _, rest = line[4:].strip().partition(" ")
            inside = list(_until_fence(lines, line)) if kind in FENCED else []
            blocks.append(_special(kind, [part.strip() for part in rest.split("|")], inside))
        elif line.startswith("|"):
            end_prose()
            blocks.append(Table(tuple(_rows(line, lines))))
        else:
            prose.append(line)
    end_prose()
    return blocks


def prose_html(lines: list[str]) -> str:
    """Paragraphs, headings and lists as HTML."""
    out: list[str] = []
    for chunk in re.split(r"\n\s*\n", "\n".join(lines).strip()):
        rows = chunk.splitlines()
        if chunk.startswith("#"):
            level = len(chunk) - len(chunk.lstrip("#"))
            out.append(f"<h{level}>{inline(chunk.lstrip('# '))}</h{level}>")
        elif all(row.startswith("- ") for row in rows):
            out.append("<ul>" + "".join(f"<li>{inline(row[2:])}</li>" for row in rows) + "</ul>")
        elif all(re.match(r"\d+\. ", row) for row in rows):
            items = (inline(row.split(". ", 1)[1]) for row in rows)
            out.append("<ol>" + "".join(f"<li>{item}</li>" for item in items) + "</ol>")
        else:
            out.append(f"<p>{inline(' '.join(rows))}</p>")
    return "".join(out)


def inline(text: str) -> str:
    """Bold, italic and links of one line, everything else escaped."""
    text = html.escape(text, quote=False)
    text = re.sub(r"\[([^\]]+)\]\(([^)\s\"]+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)


def _special(kind: str, parts: list[str], inside: list[str]) -> Block:
    match kind:
        case "related":
            return Related(parts[0])
        case "picture":
            return PictureHere(*parts)
        case "embed":
            return Embed(*parts)
        case "quote":
            return Quote(" ".join(inside).strip(), *parts)
        case "facts":
            return FactBox(parts[0], prose_html(inside))
    raise MarkupError(f"“::: {kind}” is not a block; use related, picture, embed, quote or facts.")


def _until_fence(lines: Iterator[str], opening: str) -> Iterator[str]:
    for line in lines:
        if line.strip() == ":::":
            return
        yield line
    raise MarkupError(f"“{opening}” is never closed; end it with a line “:::”.")


def _rows(first: str, lines: Iterator[str]) -> Iterator[tuple[str, ...]]:
    """Rows up to the empty line that ends a table."""
    line = first
    while line.startswith("|"):
        yield tuple(cell.strip().replace("**", "") for cell in line.strip()[1:-1].split("|"))
        line = next(lines, "")
    if line.strip():
        raise MarkupError(f"An empty line must end the table before “{line}”.")
