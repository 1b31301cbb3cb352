"""Addresses that every language's edition has."""

from django.urls import path, re_path

from nightdesk.syndication import feeds, podcast

_FORMAT = r"(?P<format_name>rss\.xml|atom\.xml|feed\.json)$"

urlpatterns = [
    path("feeds/rss.xml", feeds.everything, {"format_name": "rss.xml"}, name="feed_rss"),
    path("feeds/atom.xml", feeds.everything, {"format_name": "atom.xml"}, name="feed_atom"),
    path("feeds/feed.json", feeds.everything, {"format_name": "feed.json"}, name="feed_json"),
    path("feeds/podcast.xml", podcast.edition, name="podcast"),
    path("feeds/<reader_slug:slug>/podcast.xml", podcast.section, name="section_podcast"),
    path(
        "feeds/<reader_slug:slug>/rss.xml",
        feeds.section,
        {"format_name": "rss.xml"},
        name="section_feed_rss",
    ),
    re_path(rf"^feeds/(?P<slug>[-\w]+)/{_FORMAT}", feeds.section),
    path("news-feed/rss.xml", feeds.briefs, {"format_name": "rss.xml"}, name="news_feed_rss"),
    re_path(rf"^news-feed/{_FORMAT}", feeds.briefs),
    path(
        "news-feed/topic/<reader_slug:slug>/rss.xml",
        feeds.briefs_on_topic,
        {"format_name": "rss.xml"},
        name="news_feed_topic_rss",
    ),
    re_path(rf"^news-feed/topic/(?P<slug>[-\w]+)/{_FORMAT}", feeds.briefs_on_topic),
    path(
        "corrections/rss.xml", feeds.corrections, {"format_name": "rss.xml"}, name="corrections_rss"
    ),
    re_path(rf"^corrections/{_FORMAT}", feeds.corrections),
    path(
        "coverage/<reader_slug:slug>/rss.xml",
        feeds.coverage,
        {"format_name": "rss.xml"},
        name="coverage_feed_rss",
    ),
    re_path(rf"^coverage/(?P<slug>[-\w]+)/{_FORMAT}", feeds.coverage),
    path(
        "newsletters/<reader_slug:slug>/rss.xml",
        feeds.editions,
        {"format_name": "rss.xml"},
        name="newsletter_feed",
    ),
    re_path(rf"^newsletters/(?P<slug>[-\w]+)/{_FORMAT}", feeds.editions),
]
