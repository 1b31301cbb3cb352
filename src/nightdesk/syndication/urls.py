"""Addresses that the site has once, for all its languages."""

from django.urls import path, re_path

from nightdesk.syndication import robots, sitemaps

urlpatterns = [
    path("robots.txt", robots.robots_txt, name="robots_txt"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    re_path(
        r"^sitemaps/(?P<kind>stories|briefs)-(?P<year>[12][0-9]{3})-(?P<month>0[1-9]|1[0-2])"
        r"(?:-(?P<number>[2-9]|[1-9][0-9]{1,3}))?\.xml$",
        sitemaps.month,
        name="sitemap_month",
    ),
]
