from django.urls import path

from nightdesk.coverage import views

_ONE = "coverage/<reader_slug:slug>/"

urlpatterns = [
    path("coverage/", views.index, name="coverages"),
    path("coverage/before/<int:before>/", views.index, name="coverages_before"),
    path(_ONE, views.coverage, name="coverage"),
    path(f"{_ONE}live/", views.live, name="coverage_live"),
    path(f"{_ONE}before/<int:before>/", views.coverage, name="coverage_before"),
    path(f"{_ONE}<int:pk>/", views.entry, name="coverage_entry"),
]
