"""Pieces of the News Feed on other pages: the block on the home page and beside every story, and
the topics by which it can be read."""

from django.template.loader import render_to_string

from nightdesk.briefs.lists import newest_briefs
from nightdesk.briefs.rows import rows_of
from nightdesk.briefs.topics import topics_lately

#: Briefs in the block; the newest is open.
SHOWN = 8


def news_feed(language: str) -> str:
    rows = rows_of(newest_briefs(language, SHOWN))
    return render_to_string("components/news_feed.html", {"rows": rows}) if rows else ""


def feed_topics(language: str) -> str:
    topics = topics_lately(language)
    return render_to_string("components/feed_topics.html", {"topics": topics}) if topics else ""
