"""Markup as a tree, parsed as browsers parse it.

Python's own parser does not know that a new `<p>` closes the last one. nh3 does (it is the parser of
a browser engine) and writes the page out well-formed; what runs, draws or asks is gone already then.
"""

import nh3
from bs4 import BeautifulSoup

_TAGS = set(
    """
    a abbr acronym address article aside b bdi bdo big blockquote body br button caption center cite
    code col colgroup data dd del dfn div dl dt em figcaption figure font footer form h1 h2 h3 h4 h5
    h6 header hr html i iframe img input ins kbd label li main mark nav ol p picture pre q s samp
    section small span strike strong sub summary details sup table tbody td tfoot th thead time tr tt
    u ul var video audio wbr embed object amp-img amp-youtube amp-video amp-iframe amp-twitter
    amp-facebook amp-instagram amp-sidebar
    """.split()  # noqa: SIM905
)
_DROPPED_WHOLE = {"script", "style", "template", "svg", "math", "noscript", "textarea", "select"}
_ATTRIBUTES = {
    "*": {"class", "id", "role", "itemprop", "hidden", "aria-hidden", "style", "rel"},
    "a": {"href"},
    "img": {"src", "srcset", "alt", "width", "height", "data-src", "data-lazy-src", "data-srcset",
            "data-original"},
    "amp-img": {"src", "srcset", "alt", "width", "height"},
    "time": {"datetime"},
}  # fmt: skip


def tree_of(markup: str) -> BeautifulSoup:
    """The tree of a page's or a story's markup; never fails, whatever the markup is."""
    well_formed = nh3.clean(
        markup,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        link_rel=None,
    )
    return BeautifulSoup(well_formed, "html.parser")
