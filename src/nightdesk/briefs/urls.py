from django.urls import path

from nightdesk.briefs import views

urlpatterns = [
    path("news-feed/", views.feed, name="news_feed"),
    path("news-feed/live/", views.live, name="news_feed_live"),
    path("news-feed/before/<int:before>/", views.feed, name="news_feed_before"),
    path("news-feed/<int:pk>/", views.brief, name="brief"),
]
