"""Addresses of the pages that list. Years and months are ASCII digits, so that ``٢٠٢٣`` is no
second address of 2023."""

from django.urls import path, re_path

from nightdesk.reading import archive, corrections, search, views

_MONTH = r"^archive/(?P<year>[12][0-9]{3})/(?P<month>0[1-9]|1[0-2])/"

urlpatterns = [
    path("authors/<reader_slug:slug>/", views.author, name="author"),
    path("authors/<reader_slug:slug>/before/<int:before>/", views.author, name="author_before"),
    path("desks/<reader_slug:slug>/", views.desk, name="desk"),
    path("desks/<reader_slug:slug>/before/<int:before>/", views.desk, name="desk_before"),
    path("topics/<reader_slug:slug>/", views.topic, name="topic"),
    path("topics/<reader_slug:slug>/before/<int:before>/", views.topic, name="topic_before"),
    path("archive/", archive.index, name="archive_index"),
    re_path(rf"{_MONTH}$", archive.month, name="archive_month"),
    re_path(rf"{_MONTH}before/(?P<before>[0-9]{{1,18}})/$", archive.month),
    path("corrections/", corrections.corrections, name="corrections"),
    # Of a story without a letter, as it always was; of a brief b12, of an update of coverage e12.
    re_path(
        r"^corrections/before/(?P<before>[be]?[0-9]{1,18})/$",
        corrections.corrections,
        name="corrections_before",
    ),
    path("search/", search.search, name="search"),
]
