from django.urls import path

from nightdesk.newsletters.editions import archive

urlpatterns = [
    path("<reader_slug:slug>/<int:pk>/", archive.edition, name="newsletter_edition"),
    path("<reader_slug:slug>/editions/", archive.editions, name="newsletter_editions"),
    path(
        "<reader_slug:slug>/editions/before/<int:before>/",
        archive.editions,
        name="newsletter_editions_before",
    ),
]
