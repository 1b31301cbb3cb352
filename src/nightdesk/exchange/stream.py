"""Found parts as the blocks of a story's body."""

import json
import uuid
from collections.abc import Iterable

from .found import FoundPart, FoundPicture, FoundQuote, FoundRelated, FoundTable, FoundText

_LONGEST_HEADLINE = 255


def stream_of(parts: Iterable[FoundPart], pictures: dict[str, int] | None = None) -> str:
    """The body as StreamField JSON. `pictures` gives, by address, the ids of those in the library;
    others are left out."""
    blocks = [block for part in parts if (block := _block(part, pictures or {}))]
    return json.dumps(
        [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in blocks]
    )


def _block(part: FoundPart, pictures: dict[str, int]) -> tuple[str, object] | None:
    match part:
        case FoundText():
            return "text", part.html.replace("<br>", "<br/>")  # as the editor writes it
        case FoundRelated():
            return "related", {"story": None, "headline": part.headline[:_LONGEST_HEADLINE]}
        case FoundQuote():
            fields = ("text", "speaker", "role", "source")
            return "quote", {name: getattr(part, name) for name in fields}
        case FoundPicture() if part.url in pictures:
            picture = {"picture": pictures[part.url], "caption": part.caption[:500]}
            return "picture", {**picture, "credit": part.credit[:200]}
        case FoundTable():
            return "table", _table(part)
    return None


def _table(part: FoundTable) -> dict[str, object]:
    """The shape that Wagtail's table block keeps."""
    return {
        "data": [list(row) for row in part.rows],
        "cell": [],
        "mergeCells": [],
        "table_caption": part.caption,
        "table_header_choice": "row" if part.has_header else "neither",
        "first_row_is_table_header": part.has_header,
        "first_col_is_header": False,
    }
