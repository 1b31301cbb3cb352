"""Every address of the site, and the room that answers it."""

from django.conf.urls.i18n import i18n_patterns
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from nightdesk.people.reauthentication import guard_accounts
from nightdesk.people.sign_in import urls as sign_in_urls
from nightdesk.run.asked_ids import ids_are_numbers
from nightdesk.run.transactions import unsafe_methods_in_one_transaction

# A page of the tree changes nothing, whatever is sent to it: it says so itself (405).
wagtail_views.serve.csrf_exempt = True
decorate_urlpatterns(wagtailadmin_urls.urlpatterns, unsafe_methods_in_one_transaction)
decorate_urlpatterns(wagtailadmin_urls.urlpatterns, guard_accounts)
decorate_urlpatterns(wagtailadmin_urls.urlpatterns, ids_are_numbers)
decorate_urlpatterns(sign_in_urls.urlpatterns, unsafe_methods_in_one_transaction)


def nothing_here(_request: HttpRequest) -> HttpResponse:
    """Wagtail's admin cannot be built without documents, and we have none."""
    raise Http404


urlpatterns = [
    re_path("^admin/(?:api/main/)?documents/", nothing_here),
    path("admin/", include(sign_in_urls)),
    path("admin/", include(wagtailadmin_urls)),
    path("staff/", include("nightdesk.stories.staff_urls")),
    path("media/", include("nightdesk.media.urls")),
    path("check/", include("nightdesk.checking.urls")),
    path("", include("nightdesk.theme.urls")),
    path("", include("nightdesk.syndication.urls")),
    *i18n_patterns(
        path("", include("nightdesk.syndication.edition_urls")),
        path("", include("nightdesk.briefs.urls")),
        path("", include("nightdesk.coverage.urls")),
        path("", include("nightdesk.newsletters.urls")),
        path("", include("nightdesk.reading.urls")),
        # Wagtail's own form for readers would let staff in by a password alone.
        path(
            "_util/login/",
            RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True),
        ),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

handler404 = "nightdesk.reading.errors.not_found"
handler500 = "nightdesk.reading.errors.server_error"
