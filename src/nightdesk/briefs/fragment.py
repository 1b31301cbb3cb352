"""The News Feed block that stands on the home page and beside every story."""

from django.template.loader import render_to_string

from nightdesk.briefs.lists import newest_briefs
from nightdesk.briefs.rows import rows_of

#: Briefs in the block; the newest is open.
SHOWN = 8


def news_feed(language: str) -> str:
    rows = rows_of(newest_briefs(language, SHOWN))
    return render_to_string("components/news_feed.html", {"rows": rows}) if rows else ""
