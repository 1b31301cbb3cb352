"""Pictures in a page: their address, what they show, who made them. Nothing is fetched here."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import Tag

from .found import FoundPicture
from .furniture import credit_of
from .html_furniture import class_words
from .tidy_html import plain

_NO_PICTURE = {"avatar", "gravatar", "emoji", "logo", "icon", "pixel", "tracking", "spinner"}
_CREDIT = re.compile(r"credit|photographer|copyright|attribution|source", re.IGNORECASE)


def picture_of(node: Tag, address: str) -> Iterator[FoundPicture]:
    """Every picture in a figure, caption box or bare image, with caption and credit."""
    images = [node] if node.name in {"img", "amp-img"} else node.find_all(["img", "amp-img"])
    caption, credit = _caption(node)
    for image in images:
        if image.find_parent("noscript") or class_words(image) & _NO_PICTURE or _is_tiny(image):
            continue
        if url := address_of(image, address):
            yield FoundPicture(url, plain_attribute(image, "alt"), caption, credit)


def address_of(image: Tag, address: str) -> str:
    """The largest version that the page names, as an absolute http(s) address; "" for none."""
    sources = [
        *_srcset(plain_attribute(image, "srcset") or plain_attribute(image, "data-srcset")),
        *(
            plain_attribute(image, name)
            for name in ("data-src", "data-lazy-src", "data-original", "src")
        ),
    ]
    for source in filter(None, sources):
        try:
            url = urljoin(address, source)
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.netloc:
            return url
    return ""


def plain_attribute(tag: Tag, name: str) -> str:
    """An attribute as one line of text; "" when it is missing."""
    value = tag.get(name)
    return " ".join(
        " ".join(value).split() if isinstance(value, list) else str(value or "").split()
    )


def _srcset(value: str) -> list[str]:
    """The widest candidate of a srcset, in a list of one; [] when there is none."""
    candidates = [
        (float(width), url)
        for url, width in re.findall(r"(\S+)\s+(\d+(?:\.\d+)?)[wx]\s*(?:,|$)", value)
    ]
    return [max(candidates)[1]] if candidates else []


def _caption(node: Tag) -> tuple[str, str]:
    """(caption, credit); the credit stands in an element of its own or at the caption's end."""
    box = node.find("figcaption") or node.find(class_="wp-caption-text")
    if not box:
        return "", ""
    made_by = box.find(class_=_CREDIT) or box.find(["cite", "small"])
    if made_by:
        credit = plain(str(made_by.extract())).strip(" ()")
        return plain(str(box)).strip(" |/—–-"), re.sub(
            r"^(?:photo|credit|фото)\s*:\s*", "", credit, flags=re.I
        )
    words = plain(str(box))
    found = credit_of(words)
    if not found:
        return words, ""
    credit = re.sub(
        r"^(?:photo(?:graph)?|credit|image|фото)(?:\s*:|\s+by)\s*", "", found[1], flags=re.I
    )
    return found[0], credit


def _is_tiny(image: Tag) -> bool:
    sizes = [plain_attribute(image, name) for name in ("width", "height")]
    return any(size.isdecimal() and int(size) <= 3 for size in sizes)
