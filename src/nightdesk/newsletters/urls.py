from django.urls import include, path

from nightdesk.newsletters import views

urlpatterns = [
    path("newsletters/", views.newsletters, name="newsletters"),
    path("newsletters/", include("nightdesk.newsletters.signup.urls")),
    path("newsletters/", include("nightdesk.newsletters.yours.urls")),
    path("newsletters/", include("nightdesk.newsletters.events.urls")),
    # Last: it has the addresses of newsletters, which may be any word.
    path("newsletters/", include("nightdesk.newsletters.editions.urls")),
    path("newsletters/<reader_slug:slug>/", views.newsletter, name="newsletter"),
]
