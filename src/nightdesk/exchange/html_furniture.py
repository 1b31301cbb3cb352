"""Which elements of a page are not the story: told by tag, by visibility and by class names."""

import re
from itertools import pairwise

from bs4 import Tag


def names(text: str) -> frozenset[str]:
    """A set of names written as one text, parted by spaces."""
    return frozenset(text.split())


NEVER_TEXT = names(
    "script style noscript template form button input select textarea option label iframe frame "
    "frameset object embed applet svg math canvas audio video source track nav footer dialog link "
    "meta head title base map area amp-ad amp-analytics amp-sidebar amp-audio amp-iframe "
    "amp-social-share amp-consent amp-user-notification amp-auto-ads amp-sticky-ad amp-story "
    "amp-youtube amp-video amp-twitter amp-facebook amp-instagram marquee"
)
EMBEDS = names(
    "iframe object embed video audio amp-iframe amp-youtube amp-video amp-twitter amp-facebook "
    "amp-instagram"
)
_FURNITURE = names(
    "share sharing shares sharedaddy social socials addtoany newsletter newsletters subscribe "
    "subscription signup optin comments comment respond disqus advert advertisement advertising ad "
    "ads adsbygoogle banner promo promotion sponsor sponsored cookie cookies gdpr consent "
    "breadcrumb breadcrumbs byline bylines tags tag taglist postmeta entrymeta player listen "
    "donate donation donations appeal paywall membership popup modal toolbar nav navigation menu "
    "sidebar widget widgets sr screenreader offscreen print editlink readingtime copyright footer "
    "outbrain taboola popular trending mostread toc pagination pager copylink utility skip "
    "bio authorbox aboutauthor advertorial kgsignup"
)
_RELATED = names(
    "related relatedposts recirc recirculation readmore readalso seealso morestories bookmark "
    "wpembed crosslink crosslinks interlink inlinelink internallink"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def class_words(tag: Tag) -> set[str]:
    """The words of class, id and role: "kg-bookmark-card" → {"kg", "bookmark", "card", …}.

    Neighbours are also joined ("read-more" → "readmore"), so that such names are one word.
    """
    words: set[str] = set()
    names = tag.get("class") or []
    names = [*(names if isinstance(names, list) else names.split()), str(tag.get("id") or "")]
    for name in names:
        parts = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower())
        words.update(parts)
        words.update(first + second for first, second in pairwise(parts))
    return words


def is_hidden(tag: Tag) -> bool:
    """Not shown to those who read the page."""
    return (
        tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(str(tag.get("style") or "")))
    )


def is_furniture(tag: Tag) -> bool:
    """Drop this element? Class names only hint, so real text inside outvotes them."""
    if tag.name in NEVER_TEXT or is_hidden(tag):
        return True
    role = str(tag.get("role") or "")
    hints = bool(class_words(tag) & _FURNITURE) or role in {
        "navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alert",
    }  # fmt: skip
    return hints and _paragraphs(tag) < 4


def is_related_box(tag: Tag) -> bool:
    """A card or short list of other stories that stands inside the text."""
    return bool(class_words(tag) & _RELATED) and _paragraphs(tag) < 4


def _paragraphs(tag: Tag) -> int:
    """How many long paragraphs it holds."""
    return sum(len(p.get_text(" ", strip=True)) > 80 for p in tag.find_all("p"))
