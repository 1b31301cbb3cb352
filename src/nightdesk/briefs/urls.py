from django.urls import path

from nightdesk.briefs import topics, views

urlpatterns = [
    path("news-feed/", views.feed, name="news_feed"),
    path("news-feed/live/", views.live, name="news_feed_live"),
    path("news-feed/before/<int:before>/", views.feed, name="news_feed_before"),
    path("news-feed/<int:pk>/", views.brief, name="brief"),
    path("news-feed/topic/<reader_slug:slug>/", topics.feed, name="news_feed_topic"),
    path(
        "news-feed/topic/<reader_slug:slug>/before/<int:before>/",
        topics.feed,
        name="news_feed_topic_before",
    ),
]
