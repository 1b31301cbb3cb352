"""The News Feed block that stands on the home page and beside every story."""

from django.template.loader import render_to_string

from nightdesk.briefs.models import Brief

#: Briefs in the block; the newest is open.
SHOWN = 8


def news_feed(language: str) -> str:
    briefs = list(Brief.readable(language)[:SHOWN])
    return render_to_string("components/news_feed.html", {"briefs": briefs}) if briefs else ""
